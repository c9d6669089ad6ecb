import { randomUUID } from 'node:crypto';
import { CLAUDE_SCREEN, lookAtClaude } from './claude-screen.ts';
import {
  COMMAND_CHARACTERS,
  guardFor,
  hookEnv,
  hookState,
  optionIn,
  promptArgument,
  settingsFile,
  textField,
} from './common.ts';
import { MCP_NAME, mcpFile, mcpServer } from './mcp.ts';
import { toolSubject } from './subjects.ts';
import { claudeTitle } from './titles.ts';
import type { AgentCli, HookState, StartOptions, StartPlan } from './types.ts';

/** Events that tell what the agent does. Esc fires none of them: the screen has to say that. */
const EVENTS = [
  'SessionStart',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'Notification',
  'PermissionRequest',
  'Stop',
  'StopFailure',
  'SubagentStop',
  'SessionEnd',
] as const;

/** Seconds a hook call may take before Claude Code gives it up; it takes milliseconds. */
const HOOK_TIMEOUT = 5;

/** Settings with our hooks. The commands hold only names of environment variables. Not async: events must keep their order. */
function hookSettings() {
  const entry = (event: string) => [
    { hooks: [{ type: 'command', command: `"$SWARM_HOOK" "$SWARM_SPOOL" ${event}`, timeout: HOOK_TIMEOUT }] },
  ];
  return { hooks: Object.fromEntries(EVENTS.map((event) => [event, entry(event)])) };
}

/** swarm's MCP server, beside the user's own ones. */
const mcpSettings = (options: StartOptions) =>
  mcpFile(options, 'claude.json', {
    mcpServers: { [MCP_NAME]: { type: 'stdio', ...mcpServer(options, (name) => `\${${name}}`) } },
  });

/**
 * The command line. `--` goes before the prompt: it may start with a dash, and options that take several values
 * (`--allowedTools`) would swallow it. A user's own `--settings` wins over ours: whether two are merged is not known.
 */
function plan(options: StartOptions, session: readonly string[], conversation: string | null): StartPlan {
  const prompt = promptArgument(options.prompt);
  const settings = settingsFile(options, 'claude.json', hookSettings());
  const hooks = optionIn(options.args, '--settings') === null;
  const mcp = mcpSettings(options);
  const argv = [
    options.program ?? 'claude',
    ...(hooks ? ['--settings', settings.path] : []),
    // One word: the option takes several values.
    `--mcp-config=${mcp.path}`,
    ...session,
    ...(options.model === null ? [] : ['--model', options.model]),
    ...options.args,
    ...(prompt === null ? [] : ['--', prompt]),
  ];
  const files = hooks ? [settings, mcp] : [mcp];
  return { argv, env: hookEnv(options), promptTaken: prompt !== null, conversation, files };
}

/** Events in Claude Code's form; Codex and the scripted agent use the same names. */
export function claudeEvents(event: string, payload: unknown): HookState | null {
  const conversation = textField(payload, 'session_id');
  const tool = textField(payload, 'tool_name');
  const detail = tool === null ? event : `${event} ${tool}`;
  switch (event) {
    case 'UserPromptSubmit':
      return hookState('working', detail, { conversation, prompt: textField(payload, 'prompt') });
    case 'PreToolUse':
    case 'PostToolUse':
    case 'PostToolUseFailure':
      return hookState('working', detail, { conversation });
    case 'PermissionRequest':
      return hookState('waiting', detail, { conversation });
    case 'Notification':
      return notification(textField(payload, 'notification_type'), conversation);
    case 'Stop':
      return hookState('idle', detail, { conversation, answer: textField(payload, 'last_assistant_message') });
    case 'StopFailure':
      return hookState('idle', `${event} ${textField(payload, 'error') ?? ''}`.trim(), { conversation });
    case 'SessionStart':
    case 'SessionEnd':
    case 'SubagentStop':
      return hookState(null, detail, { conversation });
    default:
      return null;
  }
}

/** Only the kinds that wait for a person change the state; `idle_prompt` and the like are reminders. */
function notification(type: string | null, conversation: string | null): HookState {
  const waits = type === 'permission_prompt' || type === 'elicitation_dialog';
  return hookState(waits ? 'waiting' : null, `Notification ${type ?? ''}`.trim(), { conversation });
}

/** Claude Code. Facts measured with 2.1.329. */
export const claude: AgentCli = {
  name: 'claude',
  title: 'Claude Code',
  install: 'npm install -g @anthropic-ai/claude-code',
  programs: ['claude'],
  start(options) {
    const given = optionIn(options.args, '--session-id', '--resume', '-r');
    const own = given !== null || optionIn(options.args, '--continue', '-c') !== null;
    if (own) return plan(options, [], given || null);
    const id = randomUUID();
    return plan(options, ['--session-id', id], id);
  },
  resume: (options) => plan(options, ['--resume', options.conversation], options.conversation),
  look: (screen) => lookAtClaude(screen, CLAUDE_SCREEN),
  // A trailing backslash makes the next Enter a new line.
  guard: guardFor(COMMAND_CHARACTERS, true),
  paste: 'bracketed',
  // 0 and 400 ms were the same for a paste that had been taken in.
  settleMs: 100,
  clear: ['C-u'],
  submit: ['Enter'],
  // A menu's cursor is indented; the user's own prompts (`❯ 1. …`) are not.
  dialogWords: [
    ' ❯ 1. ',
    ' ❯ 2. ',
    ' ❯ 3. ',
    ' ❯ 4. ',
    'Esc to cancel · Tab to amend',
    'Enter to confirm · Esc to cancel',
    'Enter to select · ↑/↓ to navigate',
  ],
  events: claudeEvents,
  asks: toolSubject,
  titleSays: claudeTitle,
  needsDraftGuard: true,
  mcp: true,
};
