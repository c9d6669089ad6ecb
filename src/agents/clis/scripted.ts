import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { programRoot } from '../../lib/program.ts';
import { claudeEvents } from './claude.ts';
import { CLAUDE_SCREEN, lookAtClaude } from './claude-screen.ts';
import { COMMAND_CHARACTERS, guardFor, hookEnv, optionIn, promptArgument } from './common.ts';
import { scriptedSubject, toolSubject } from './subjects.ts';
import { claudeTitle } from './titles.ts';
import type { AgentCli, StartOptions, StartPlan } from './types.ts';

const SCREEN = {
  placeholders: [/^Type your prompt$/, ...CLAUDE_SCREEN.placeholders],
  error: { text: /^● /u, red: true },
  subject: scriptedSubject,
};

function plan(options: StartOptions, session: readonly string[], conversation: string | null): StartPlan {
  const prompt = promptArgument(options.prompt);
  const argv = [
    options.program ?? process.execPath,
    join(programRoot(), 'dist', 'agents', 'scripted', 'main.js'),
    ...session,
    ...(options.model === null ? [] : ['--model', options.model]),
    ...options.args,
    ...(prompt === null ? [] : ['--', prompt]),
  ];
  return { argv, env: hookEnv(options), promptTaken: prompt !== null, conversation };
}

/** The agent that ships with swarm: does what a small script says, on a screen like Claude Code's. */
export const scripted: AgentCli = {
  name: 'scripted',
  title: 'Scripted agent',
  install: 'npm ci (the scripted agent is a part of swarm)',
  programs: [process.execPath],
  start(options) {
    const given = optionIn(options.args, '--session-id', '--resume');
    if (given !== null) return plan(options, [], given || null);
    const id = randomUUID();
    return plan(options, ['--session-id', id], id);
  },
  resume: (options) => plan(options, ['--resume', options.conversation], options.conversation),
  look: (screen) => lookAtClaude(screen, SCREEN),
  guard: guardFor(COMMAND_CHARACTERS, true),
  paste: 'bracketed',
  // It can be told to swallow an Enter within 120 ms of a paste, as a paste-burst guard does.
  settleMs: 150,
  clear: ['C-u'],
  submit: ['Enter'],
  // A menu's cursor is indented; the user's own prompts (`❯ 1. …`) are not.
  dialogWords: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => ` ❯ ${number}. `),
  events: claudeEvents,
  asks: toolSubject,
  titleSays: claudeTitle,
  needsDraftGuard: true,
};
