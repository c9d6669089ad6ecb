import { existsSync } from 'node:fs';
import {
  CLEAR_LINES,
  COMMAND_CHARACTERS,
  guardFor,
  hookEnv,
  hookState,
  optionIn,
  settingsFile,
  textField,
} from './common.ts';
import { lookAtGemini } from './gemini-screen.ts';
import { MCP_NAME, mcpServer } from './mcp.ts';
import { toolSubject } from './subjects.ts';
import { geminiTitle } from './titles.ts';
import type { AgentCli, HookState, StartOptions, StartPlan } from './types.ts';

const EVENTS = [
  'SessionStart',
  'BeforeAgent',
  'BeforeTool',
  'AfterTool',
  'Notification',
  'AfterAgent',
  'SessionEnd',
] as const;

/** Milliseconds a hook call may take; Gemini CLI waits for its hooks. */
const HOOK_TIMEOUT = 5000;

/** Gemini CLI replaces `$NAME` in its settings by the value, which would put paths into a shell's text; printenv reads them in the hook instead. An empty folder means the one in the environment. */
const hookCommand = (event: string) => `"$(printenv SWARM_HOOK)" "" ${event}`;

function hookSettings() {
  const entry = (event: string) => [
    { hooks: [{ name: 'swarm', type: 'command', command: hookCommand(event), timeout: HOOK_TIMEOUT }] },
  ];
  return { hooks: Object.fromEntries(EVENTS.map((event) => [event, entry(event)])) };
}

/**
 * Our hooks and our MCP server come in as system *defaults*: the lowest layer, which adds to the user's. (The system *settings*
 * would override the user's values, and could hold an administrator's policy.) A machine that has system defaults keeps
 * them: there the screen alone tells, and `swarm mcp config` says how to connect it.
 */
const DEFAULTS_VARIABLE = 'GEMINI_CLI_SYSTEM_DEFAULTS_PATH';
const DEFAULTS_FILES = [
  '/etc/gemini-cli/system-defaults.json',
  '/Library/Application Support/GeminiCli/system-defaults.json',
];

function plan(options: StartOptions, session: readonly string[], conversation: string | null): StartPlan {
  const argv = [
    options.program ?? 'gemini',
    ...session,
    ...(options.model === null ? [] : ['--model', options.model]),
    ...(options.dialogsTrust === 'accept' && !options.args.includes('--skip-trust') ? ['--skip-trust'] : []),
    ...options.args,
  ];
  const env = options.env ?? process.env;
  const taken = Boolean(env[DEFAULTS_VARIABLE]) || DEFAULTS_FILES.some((file) => existsSync(file));
  const shared = { argv, promptTaken: false, conversation };
  if (taken) return { ...shared, env: hookEnv(options) };
  const mcpServers = { [MCP_NAME]: mcpServer(options, (name) => `$${name}`) };
  const settings = settingsFile(options, 'gemini.json', { ...hookSettings(), mcpServers });
  return { ...shared, env: { ...hookEnv(options), [DEFAULTS_VARIABLE]: settings.path }, files: [settings] };
}

function events(event: string, payload: unknown): HookState | null {
  const conversation = textField(payload, 'session_id');
  const tool = textField(payload, 'tool_name');
  const detail = tool === null ? event : `${event} ${tool}`;
  switch (event) {
    case 'BeforeAgent':
      return hookState('working', detail, { conversation, prompt: textField(payload, 'prompt') });
    case 'BeforeTool':
    case 'AfterTool':
      return hookState('working', detail, { conversation });
    case 'Notification': {
      const type = textField(payload, 'notification_type');
      return hookState(type === 'ToolPermission' ? 'waiting' : null, `${event} ${type ?? ''}`.trim(), { conversation });
    }
    case 'AfterAgent':
      return hookState('idle', detail, { conversation, answer: textField(payload, 'prompt_response') });
    case 'SessionStart':
    case 'SessionEnd':
      return hookState(null, detail, { conversation });
    default:
      return null;
  }
}

/** What `--resume` takes for the newest conversation of a folder: an agent's folder is its own. */
const NEWEST = 'latest';

/**
 * Gemini CLI. Measured with 0.61.0: answering its trust question makes it start itself again with the same arguments, so
 * a prompt among them would be taken twice, and a `--session-id` refused the second time. Hence the prompt is typed, and
 * the conversation is the one its hooks tell, else the newest of the folder.
 */
export const gemini: AgentCli = {
  name: 'gemini',
  title: 'Gemini CLI',
  install: 'npm install -g @google/gemini-cli',
  programs: ['gemini'],
  start(options) {
    const given = optionIn(options.args, '--session-id', '--resume', '-r');
    return plan(options, [], given || NEWEST);
  },
  resume: (options) => plan(options, ['--resume', options.conversation], options.conversation),
  look: lookAtGemini,
  // A trailing backslash is not submitted.
  guard: guardFor(COMMAND_CHARACTERS, true),
  paste: 'bracketed',
  // At its start the box is there 0.25 s before the trust question (0.61.0).
  calmMs: 1000,
  // At least 100 ms for 18 kB; 50 were too few; 300 were reliable.
  settleMs: 300,
  // Neither C-c nor Esc: while it works they cancel the turn.
  clear: CLEAR_LINES,
  submit: ['Enter'],
  dialogWords: ['│ ● 1. ', '│ ● 2. ', '│ ● 3. ', '│ ● 4. '],
  events,
  asks: toolSubject,
  titleSays: geminiTitle,
  needsDraftGuard: true,
  mcp: true,
};
