import { anthropic } from '../servers/anthropic.ts';
import { tool } from '../servers/turn.ts';
import { DUMMY_KEY, type Profile, QUESTION } from './types.ts';

/** Long or several lines: Claude Code tells the model that they were pasted. */
const PASTED = /^\s*<pasted_content id="\w+">\n([\s\S]*)\n<\/pasted_content id="\w+">\s*$/u;

export const claude: Profile = {
  name: 'claude',
  title: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  version: '2.1.329',
  api: anthropic,
  // Without hasCompletedOnboarding it calls its maker's server and ends. The key isn't approved: it asks about it.
  seed: () => ({ '.claude.json': JSON.stringify({ hasCompletedOnboarding: true }) }),
  env: (url) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: DUMMY_KEY,
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  }),
  // Its default mode runs commands without asking.
  args: ['--permission-mode', 'manual'],
  dialogs: ['onboarding', 'trust'],
  run: (command) => tool('Bash', { command, description: 'Certify' }),
  ask: tool('AskUserQuestion', { questions: [{ ...QUESTION, multiSelect: false }] }),
  mcp: (name, input) => tool(`mcp__swarm__${name}`, input),
  hooks: ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PermissionRequest', 'PostToolUse', 'Stop'],
  taken: (prompt) => prompt.trimEnd(),
  unwrapped: (received) => PASTED.exec(received)?.[1] ?? received,
  cannot: {},
  notes: [
    'Claude Code takes white space off the end of a prompt.',
    'Claude Code wraps a pasted prompt of several lines or over 1 kB in `<pasted_content>` for the model.',
  ],
};
