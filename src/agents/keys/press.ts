import { exit, UserError } from '../../lib/errors.ts';
import { run } from '../../process/run.ts';
import { showMessage } from '../../tmux/message.ts';
import { allAgents } from '../records.ts';
import { withSession } from '../session.ts';
import { type Here, whereAmI } from './here.ts';
import { programArgv } from './plan.ts';

export const PRESSED = ['next', 'last'] as const;
type Pressed = (typeof PRESSED)[number];

export function isPressed(action: string): action is Pressed {
  return PRESSED.some((one) => one === action);
}

/** What a key does out of sight; what goes wrong is shown in the status line. Answers swarm's exit code. */
export async function pressKey(action: Pressed, env: NodeJS.ProcessEnv): Promise<number> {
  const here = await requireHere(env);
  const words = action === 'next' ? ['--next'] : [await lastAgent(here)];
  const argv = [...programArgv(), 'attach', ...words];
  const { exitCode, stdout, stderr } = await run(argv, { cwd: here.folder, env });
  if (exitCode === 0) return exit.done;
  const [first = '', ...more] = (stderr.trim() || stdout.trim()).split('\n');
  await showMessage(here.tmux, env['SWARM_CLIENT'] || null, [first, ...more].join('  '));
  return exitCode ?? exit.failed;
}

/** The name of the agent whose window was looked at before this one; `-` where tmux knows of none. */
async function lastAgent({ folder, others, agentId }: Here): Promise<string> {
  if (others.length === 0 && agentId === null) return '-';
  const agents = await withSession(folder, ({ db }) => allAgents(db)).catch(() => []);
  const last = others.flatMap((id) => agents.find((agent) => agent.id === id) ?? [])[0];
  return last?.name ?? '-';
}

/** Name of the agent in whose window a key was pressed. @throws UserError where it is nobody's. */
export async function agentHere(env: NodeJS.ProcessEnv): Promise<{ readonly name: string; readonly here: Here }> {
  const here = await requireHere(env);
  const agents = here.agentId === null ? [] : await withSession(here.folder, ({ db }) => allAgents(db));
  const agent = agents.find(({ id }) => id === here.agentId);
  if (agent) return { name: agent.name, here };
  throw new UserError({
    code: 'NO_AGENT_HERE',
    exit: exit.notFound,
    message: "This window is no agent's: there is nobody to send to.",
    hint: 'Escape closes this. In a terminal: swarm send AGENT "What to do"',
  });
}

export async function requireHere(env: NodeJS.ProcessEnv): Promise<Here> {
  const here = await whereAmI(env);
  if (here !== null) return here;
  throw new UserError({
    code: 'NOT_IN_TMUX',
    exit: exit.usage,
    message: 'This is for keys of tmux, and no pane of tmux is known here.',
    hint: 'swarm keys install',
  });
}
