import { codex } from './codex.ts';
import { textField } from './common.ts';

/** What a hook tells of a tool's use, or of an end. Null where the CLI does not say. */
export interface ToolEvent {
  readonly kind: 'start' | 'complete' | 'begin' | 'stop';
  readonly session: string | null;
  readonly cwd: string | null;
  readonly id: string | null;
  readonly tool: string | null;
  readonly input: unknown;
  /** The tool call in which this one was made. */
  readonly parent: string | null;
  /** The CLI's own subagent that made it. */
  readonly subagent: { readonly id: string | null; readonly type: string | null } | null;
  readonly error: string | null;
  readonly outputSize: number | null;
  readonly durationMs: number | null;
  /** Tokens, as the CLI counts them. */
  readonly usage: unknown;
}

/** Hooks by what they tell: Claude Code's names (Codex, OpenCode's plugin and the scripted agent use them, too), then Gemini CLI's. */
const KINDS: Readonly<Record<string, ToolEvent['kind']>> = {
  PreToolUse: 'start',
  PostToolUse: 'complete',
  PostToolUseFailure: 'complete',
  SessionStart: 'begin',
  SubagentStart: 'begin',
  Stop: 'stop',
  StopFailure: 'stop',
  SubagentStop: 'stop',
  SessionEnd: 'stop',
  BeforeTool: 'start',
  AfterTool: 'complete',
  AfterAgent: 'stop',
  Notify: 'stop',
  Idle: 'stop',
};

/** Names of hooks that come with every tool: there are thousands of them, and they are worth little once recorded. */
export const TOOL_HOOKS: ReadonlySet<string> = new Set(
  Object.keys(KINDS).filter((event) => KINDS[event] === 'start' || KINDS[event] === 'complete'),
);

/** Reads a hook's call; null when it is about no tool and no end. */
export function toolEvent(event: string, payload: unknown): ToolEvent | null {
  const kind = Object.hasOwn(KINDS, event) ? KINDS[event] : undefined;
  // Codex notifies of its own doings as well.
  if (kind === undefined || (event === 'Notify' && codex.events(event, payload) === null)) return null;
  const response = field(payload, 'tool_response');
  const failed = event === 'PostToolUseFailure' || event === 'StopFailure';
  const error = errorIn(payload) ?? errorIn(response) ?? (failed ? 'failed' : null);
  const own = { id: textField(payload, 'agent_id'), type: textField(payload, 'agent_type') };
  return {
    kind,
    session: textField(payload, 'session_id') ?? textField(payload, 'thread-id'),
    cwd: textField(payload, 'cwd'),
    id: textField(payload, 'tool_use_id'),
    tool: textField(payload, 'tool_name'),
    input: field(payload, 'tool_input') ?? null,
    parent: textField(payload, 'parent_tool_use_id'),
    subagent: own.id === null && own.type === null ? null : own,
    error,
    outputSize: numberIn(payload, 'output_size') ?? sizeOf(response),
    durationMs: numberIn(payload, 'duration_ms'),
    usage: field(payload, 'usage') ?? field(response, 'usage') ?? null,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function numberIn(value: unknown, name: string): number | null {
  const found = field(value, name);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** `error: 'text'`, `error: {message: 'text'}`. */
function errorIn(value: unknown): string | null {
  return textField(value, 'error') ?? textField(field(value, 'error'), 'message');
}

/** Characters of what the tool gave back. */
function sizeOf(response: unknown): number | null {
  if (response === undefined) return null;
  return typeof response === 'string' ? response.length : JSON.stringify(response).length;
}
