import type { StdioServerParameters } from '@modelcontextprotocol/client/stdio';
import { run } from '../../src/process/run.ts';

/** What is asked of the server, and what the answer must hold. */
const ASKED: readonly (readonly [what: string, args: readonly string[], answer: RegExp])[] = [
  ['lists the tools', ['--method', 'tools/list'], /"claim_task"/u],
  ['lists the resources', ['--method', 'resources/list'], /swarm:\/\/plan/u],
  [
    'calls a tool that writes',
    ['--method', 'tools/call', '--tool-name', 'create_task', '--tool-arg', 'description=Inspect', 'priority=1'],
    /"structuredContent"[\s\S]*"task-001"/u,
  ],
  [
    'shows why a tool refuses',
    ['--method', 'tools/call', '--tool-name', 'complete_task', '--tool-arg', 'task_id=task-404', 'result=x'],
    /NO_SUCH_TASK/u,
  ],
  ['reads a resource', ['--method', 'resources/read', '--uri', 'swarm://tasks'], /Inspect/u],
];

/** The official inspector, used as a program is. */
export async function inspect(
  inspector: string,
  { command, args = [], env = {}, cwd = '.' }: StdioServerParameters,
  tell: (passed: boolean, what: string, said: string) => void,
): Promise<void> {
  for (const [what, words, answer] of ASKED) {
    const { exitCode, stdout, stderr } = await run([inspector, '--cli', command, ...args, ...words], { cwd, env });
    const refused = what.includes('refuses');
    tell((refused || exitCode === 0) && answer.test(stdout), `inspector ${what}`, `${stdout}${stderr}`);
  }
}
