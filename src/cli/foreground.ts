import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import { runForeground } from '../process/foreground.ts';

/** Hands the user's terminal to a program. @throws UserError exit 2 where there is no terminal to hand over. */
export async function inForeground(
  argv: readonly string[],
  json: boolean,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<number> {
  requireTerminal(argv, json);
  return runForeground(argv, options);
}

/** @throws UserError exit 2 where no program can take over a terminal, naming the one to run in one. */
export function requireTerminal(argv: readonly string[], json: boolean): void {
  if (!json && process.stdin.isTTY && process.stdout.isTTY) return;
  throw new UserError({
    code: 'NO_TERMINAL',
    exit: exit.usage,
    message: 'This takes over a terminal, and there is none (or --json was asked for).',
    hint: argv.map(shellWord).join(' '),
    details: { argv: [...argv] },
  });
}
