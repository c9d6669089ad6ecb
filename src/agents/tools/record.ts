import { redactText, redactValue } from '../../lib/redact.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { ToolEvent } from '../clis/tool-events.ts';

/**
 * One line of an agent's tool_calls.jsonl: the fields of the research-agent's tracker under their names there, and what
 * that leaves out. Every key is always there; null = not known, or not of this event.
 */
export interface ToolRecord {
  readonly event: 'tool_call_start' | 'tool_call_complete' | 'agent_start' | 'agent_stop';
  /** ISO 8601. */
  readonly timestamp: string;
  readonly tool_use_id: string | null;
  /** `WORKER-1`: the agent's name in capitals. */
  readonly agent_id: string;
  /** Its role. */
  readonly agent_type: string;
  readonly tool_name: string | null;
  /** Without secrets, long texts cut. */
  readonly tool_input: unknown;
  readonly parent_tool_use_id: string | null;
  readonly success: boolean | null;
  readonly error: string | null;
  /** Characters of what the tool gave back. */
  readonly output_size: number | null;
  readonly duration_ms: number | null;
  readonly usage: unknown;
  /** The agent CLI's own id of the conversation. */
  readonly session_id: string | null;
  /** The agent CLI's own subagent that did it. */
  readonly subagent_id: string | null;
  readonly subagent_type: string | null;
  readonly cwd: string | null;
  readonly branch: string | null;
  /** The hook that told it. */
  readonly hook: string;
}

/** A call that has begun: what its end may not say again. */
export interface OpenCall {
  readonly id: string | null;
  readonly tool: string | null;
  readonly at: string;
}

/** Calls at most that are remembered as begun: those of one that never ends are forgotten. */
const MOST_OPEN = 64;

const EVENTS = {
  start: 'tool_call_start',
  complete: 'tool_call_complete',
  begin: 'agent_start',
  stop: 'agent_stop',
} as const;

/** Characters of an error that are kept. */
const MOST_ERROR = 1000;

/** The line for what a hook told, and the calls that are open after it. */
export function recordOf(
  { name, role, branch, worktree }: Pick<AgentRow, 'name' | 'role' | 'branch' | 'worktree'>,
  { event: hook, at }: { readonly event: string; readonly at: string },
  told: ToolEvent,
  open: readonly OpenCall[],
): { readonly record: ToolRecord; readonly open: readonly OpenCall[] } {
  const begun = told.kind === 'complete' ? begunBy(told, open) : undefined;
  const record: ToolRecord = {
    event: EVENTS[told.kind],
    timestamp: at,
    tool_use_id: told.id,
    agent_id: name.toUpperCase(),
    agent_type: role,
    tool_name: told.tool,
    tool_input: told.kind === 'start' ? redactValue(told.input) : null,
    parent_tool_use_id: told.parent,
    success: told.kind === 'complete' ? told.error === null : null,
    error: told.error === null ? null : redactText(told.error, MOST_ERROR),
    output_size: told.kind === 'complete' ? told.outputSize : null,
    duration_ms: told.durationMs ?? (begun === undefined ? null : Math.max(0, Date.parse(at) - Date.parse(begun.at))),
    usage: redactValue(told.usage),
    session_id: told.session,
    subagent_id: told.subagent?.id ?? null,
    subagent_type: told.subagent?.type ?? null,
    cwd: told.cwd ?? worktree,
    branch,
    hook,
  };
  const left = open.filter((one) => one !== begun);
  const calls = told.kind === 'start' ? [...left, { id: told.id, tool: told.tool, at }] : left;
  return { record, open: calls.slice(-MOST_OPEN) };
}

/** The beginning of a call, by its id, or where its CLI gives none, by its tool: the first that is open. */
function begunBy({ id, tool }: ToolEvent, open: readonly OpenCall[]): OpenCall | undefined {
  return open.find((one) => (id === null ? one.id === null && one.tool === tool : one.id === id));
}
