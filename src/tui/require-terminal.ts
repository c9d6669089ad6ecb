import { exit, UserError } from '../lib/errors.ts';

/** @throws UserError exit 2 where there is no terminal to draw on. */
export function requireTerminal(json: boolean): void {
  if (!json && process.stdin.isTTY && process.stdout.isTTY) return;
  throw new UserError({
    code: 'NO_TERMINAL',
    exit: exit.usage,
    message: 'The live overview takes over a terminal, and there is none (or --json was asked for).',
    hint: 'swarm ls',
  });
}
