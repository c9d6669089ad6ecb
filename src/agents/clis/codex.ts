import { claudeEvents } from './claude.ts';
import { lookAtCodex } from './codex-screen.ts';
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
import { toolSubject } from './subjects.ts';
import { codexTitle } from './titles.ts';
import type { AgentCli, Guarded, HookState, StartOptions, StartPlan } from './types.ts';

/**
 * What tells us that a turn ended. Codex's hooks (Claude's format) would tell more, but a new hook blocks the start with
 * "Hooks need review", and the flag that skips the review skips it for the repository's own hooks, too. `notify` needs
 * no review. Codex appends the event as JSON to this argv; an empty folder means the one in the environment.
 */
const notify = (options: StartOptions) => `notify=${JSON.stringify([options.reportHook, '', 'Notify'])}`;

/** swarm's MCP server, beside the user's own ones. Codex hands on a few variables and those that are named. */
const mcp = ({ swarmBin, mcpVariables }: StartOptions) =>
  Object.entries({ command: swarmBin, args: MCP_ARGS, env_vars: mcpVariables }).flatMap(([key, value]) => [
    '-c',
    `mcp_servers.${MCP_NAME}.${key}=${JSON.stringify(value)}`,
  ]);

/** Codex also notifies about a thread of its own that invents a title. */
const TITLE_THREAD = /^Generate a concise\b/u;

/**
 * `--no-daemon`: a daemon would run the agent outside its window and with another environment. A TOML basic string is
 * written as JSON. A user's own `-c notify=` wins.
 */
function plan(options: StartOptions, command: readonly string[], conversation: string | null): StartPlan {
  const prompt = promptArgument(options.prompt);
  const own = options.args.some((arg) => /^(?:-c|--config=)?notify\s*=/u.test(arg));
  const argv = [
    options.program ?? 'codex',
    ...(options.args.includes('--no-daemon') ? [] : ['--no-daemon']),
    ...(own ? [] : ['-c', notify(options)]),
    ...mcp(options),
    ...(options.model === null ? [] : ['--model', options.model]),
    ...options.args,
    ...command,
    ...(prompt === null ? [] : ['--', prompt]),
  ];
  return { argv, env: hookEnv(options), promptTaken: prompt !== null, conversation };
}

/** Codex trims a prompt, and a blank first line does not keep it from running the command on the second. */
function guard(text: string): Guarded {
  const trimmed = text.replace(/^\s*\n\s*(?=[!/#@?])/u, '');
  const guarded = guardFor(COMMAND_CHARACTERS, false)(trimmed);
  if (trimmed === text) return guarded;
  return { text: guarded.text, changed: `blank lines before it removed and ${guarded.changed}` };
}

function events(event: string, payload: unknown): HookState | null {
  if (event !== 'Notify') return claudeEvents(event, payload);
  if (textField(payload, 'type') !== 'agent-turn-complete') return null;
  const inputs: unknown = Reflect.get(Object(payload), 'input-messages');
  const prompt = Array.isArray(inputs) && typeof inputs.at(-1) === 'string' ? String(inputs.at(-1)) : null;
  if (prompt !== null && TITLE_THREAD.test(prompt)) return null;
  const conversation = textField(payload, 'thread-id');
  const answer = textField(payload, 'last-assistant-message');
  return hookState('idle', 'notify agent-turn-complete', { conversation, prompt, answer });
}

/** Codex. Screens, keys and `notify` measured with 0.169.0; `notify` through `-c` and `--` before the prompt of the TUI are from its documentation. */
export const codex: AgentCli = {
  name: 'codex',
  title: 'Codex',
  install: 'npm install -g @openai/codex',
  programs: ['codex'],
  start: (options) => plan(options, [], optionIn(options.args, 'resume') || null),
  resume: (options) => plan(options, ['resume', options.conversation], options.conversation),
  look: lookAtCodex,
  guard,
  paste: 'bracketed',
  // Codex takes an Enter within 120 ms of a burst of typing for a part of it.
  settleMs: 150,
  // Never C-c: on an empty composer it quits.
  clear: CLEAR_LINES,
  submit: ['Enter'],
  dialogWords: [
    'Press enter to confirm or esc to cancel',
    'enter confirm · esc skip',
    'enter continue · esc back',
    'enter to submit answer',
  ],
  events,
  asks: toolSubject,
  titleSays: codexTitle,
  needsDraftGuard: true,
  mcp: true,
};
