import { CLEAR_LINES, COMMAND_CHARACTERS, guardFor, optionIn, promptArgument } from './common.ts';
import { lookAtOpencode } from './opencode-screen.ts';
import type { AgentCli, StartOptions, StartPlan } from './types.ts';

function plan(options: StartOptions, session: readonly string[], conversation: string | null): StartPlan {
  const prompt = promptArgument(options.prompt);
  const argv = [
    options.program ?? 'opencode',
    ...session,
    ...(options.model === null ? [] : ['--model', options.model]),
    ...options.args,
    // One word: a value that starts with a dash would be taken for an option.
    ...(prompt === null ? [] : [`--prompt=${prompt}`]),
  ];
  return { argv, promptTaken: prompt !== null, conversation };
}

/**
 * OpenCode. Screens and pasting measured with 1.18.33; `--prompt`, `--model` and `--session` from its documentation. It
 * has no command hooks, and it alone knows the ids of its sessions: without one there is nothing to resume, since its
 * "last session" may be another worktree's.
 */
export const opencode: AgentCli = {
  name: 'opencode',
  title: 'OpenCode',
  install: 'npm install -g opencode-ai',
  programs: ['opencode'],
  start: (options) => plan(options, [], optionIn(options.args, '--session', '-s') || null),
  resume: (options) => plan(options, ['--session', options.conversation], options.conversation),
  look: lookAtOpencode,
  guard: guardFor(COMMAND_CHARACTERS, false),
  paste: 'bracketed',
  // 0 and 400 ms were the same for a paste that had been taken in.
  settleMs: 100,
  clear: CLEAR_LINES,
  submit: ['Enter'],
  dialogWords: ['△ Permission required', 'esc dismiss'],
  events: () => null,
  needsDraftGuard: true,
};
