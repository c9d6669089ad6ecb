import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CLEAR_LINES,
  COMMAND_CHARACTERS,
  guardFor,
  hookEnv,
  hookState,
  optionIn,
  promptArgument,
  textField,
} from './common.ts';
import { MCP_ARGS, MCP_NAME } from './mcp.ts';
import { lookAtOpencode } from './opencode-screen.ts';
import type { AgentCli, HookState, StartOptions, StartPlan } from './types.ts';

/** More config, as JSON; its plugins and MCP servers come on top of the user's. Who uses it already keeps what is in it. */
const CONFIG_VARIABLE = 'OPENCODE_CONFIG_CONTENT';

/** What the user says in the same way; null for what can't be added to. */
function givenConfig(text: string | undefined): { plugin: unknown[]; mcp: object } | null {
  try {
    const mine: unknown = JSON.parse(text || '{}');
    const { plugin = [], mcp = {} } = mine as Record<string, unknown>;
    return Array.isArray(plugin) && typeof mcp === 'object' ? { ...(mine as object), plugin, mcp: { ...mcp } } : null;
  } catch {
    return null;
  }
}

function connections(options: StartOptions): Record<string, string> {
  const mine = givenConfig((options.env ?? process.env)[CONFIG_VARIABLE]);
  // There the screen alone tells, and `swarm mcp config` says how to connect it.
  if (mine === null) return {};
  const plugin = pathToFileURL(join(dirname(options.reportHook), 'opencode.js')).href;
  // OpenCode hands its whole environment on.
  const server = { type: 'local', command: [options.swarmBin, ...MCP_ARGS] };
  const plugins = [...mine.plugin.filter((one) => one !== plugin), plugin];
  const config = { ...mine, plugin: plugins, mcp: { ...mine.mcp, [MCP_NAME]: server } };
  return { ...hookEnv(options), [CONFIG_VARIABLE]: JSON.stringify(config) };
}

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
  return { argv, env: connections(options), promptTaken: prompt !== null, conversation };
}

/** What hooks/opencode.js reports. */
function events(event: string, payload: unknown): HookState | null {
  const conversation = textField(payload, 'session_id');
  switch (event) {
    case 'Prompt':
      return hookState('working', event, { conversation, prompt: textField(payload, 'prompt') });
    case 'Busy':
      return hookState('working', event, { conversation });
    case 'PreToolUse':
    case 'PostToolUse':
      return hookState('working', `${event} ${textField(payload, 'tool_name') ?? ''}`.trim());
    case 'Permission':
      return hookState('waiting', `${event} ${textField(payload, 'tool') ?? ''}`.trim());
    case 'Question':
      return hookState('waiting', event);
    case 'Idle':
      return hookState('idle', event, { conversation });
    default:
      return null;
  }
}

/**
 * OpenCode. Measured with 1.18.33. It has no hooks that run a command, but plugins: ours calls hooks/report. It alone
 * knows the ids of its sessions, and the plugin tells: its "last session" may be another worktree's.
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
  events,
  needsDraftGuard: true,
  mcp: true,
};
