import type { ExecResult } from '../agents/exec.ts';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import { paint } from './output.ts';
import { splitPassing } from './passing.ts';

/** Splits the words of `swarm exec` at the first `--`. @throws UserError when no command follows. */
export function splitCommand(argv: readonly string[]): { words: string[]; command: string[] } {
  const { own: words, passed: command } = splitPassing(argv);
  if (command.length > 0 || words.includes('--help') || words.includes('-h')) return { words, command };
  throw new UserError({
    code: 'NO_COMMAND',
    exit: exit.usage,
    message: 'Nothing to run. Expected the command after --.',
    hint: withCommand(words),
  });
}

/** What was probably meant: without a flag among them, words after the first are the command. */
function withCommand(words: readonly string[]): string {
  const [agent = '--all', ...rest] = words.map(shellWord);
  const isCommand = rest.length > 0 && !words.some((word) => ['-C', '--cd', '--json', '--all'].includes(word));
  if (isCommand) return `swarm exec ${agent} -- ${rest.join(' ')}`;
  return `swarm exec ${[agent, ...rest].join(' ')} -- git status --short`;
}

/** The output of each agent under its name; without a heading when there is one. */
export function renderExec(results: readonly ExecResult[]): string {
  const parts = results.map(({ agent, exitCode, stdout, stderr }) => {
    const end = exitCode === 0 ? '' : paint('red', `exit ${exitCode ?? 'by signal'}`);
    const heading = results.length === 1 ? '' : `${paint('bold', `── ${agent}`)} ${end}`.trimEnd();
    return [heading, (stdout + stderr).trimEnd()].filter((part) => part !== '').join('\n');
  });
  return parts.join('\n');
}

/** 0 when every command succeeded, else 1: the commands' own codes are in the JSON. */
export function worstExit(results: readonly ExecResult[]): number {
  return results.every(({ exitCode }) => exitCode === 0) ? exit.done : exit.failed;
}
