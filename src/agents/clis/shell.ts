import type { Look, Screen } from '../screen.ts';
import { look } from './looks.ts';
import type { AgentCli, StartOptions, StartPlan } from './types.ts';

/** A prompt may look like anything, and so may a command's output: only who has the terminal tells. */
function lookAtShell(screen: Screen): Look {
  if (screen.foregroundIsAgent === null) return look('unknown', 'no-foreground', 'who has the terminal is not known');
  if (!screen.foregroundIsAgent) return look('busy', 'foreground', 'a command has the terminal');
  return look('ready', 'foreground', 'the shell has the terminal');
}

function plan(options: StartOptions): StartPlan {
  const env = options.env ?? process.env;
  const argv = [options.program ?? (env['SHELL'] || '/bin/sh'), ...options.args];
  return { argv, promptTaken: false, conversation: null };
}

/** The user's shell: prompts are command lines. What somebody typed at its prompt can't be told from the prompt. */
export const shell: AgentCli = {
  name: 'shell',
  title: 'Shell',
  install: 'Set SHELL to a shell that exists, for example: export SHELL=/bin/sh',
  programs: ['$SHELL', '/bin/sh'],
  start: plan,
  resume: () => null,
  look: lookAtShell,
  guard: (text) => ({ text, changed: null }),
  // Not every shell asks for bracketed paste; without it a second line would run while the first does.
  paste: 'line',
  settleMs: 0,
  clear: ['C-u'],
  // Escape would go to the command, or be half a key of the next line.
  interrupt: ['C-c'],
  submit: ['Enter'],
  dialogWords: [],
  events: () => null,
  needsDraftGuard: false,
  asksTerminal: true,
};
