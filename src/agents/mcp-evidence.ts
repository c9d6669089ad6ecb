import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../lib/errors.ts';
import { oneLine } from '../lib/text.ts';
import type { HookEvidence } from './evidence.ts';

/** What an agent does, as its calls of the board's tools show it. */
interface McpCall {
  /** `claim_task`, or `receive_messages waits for messages`. */
  readonly what: string;
  readonly state: HookEvidence['state'];
  /** Milliseconds since 1970 until which it does just that, unless something else is heard of it; null: it was but a call. */
  readonly until: number | null;
}

/** The event's name, as hooks have theirs. */
const EVENT = 'SwarmMcp';

/** Drops the call into the agent's spool, as its hooks do with what they tell. Only the last of a process is of use: it takes the place of the one before. */
export function noteMcpCall(spool: string, call: McpCall): void {
  const name = `${String(process.pid).padStart(10, '0')}-${EVENT}`;
  try {
    writeFileSync(join(spool, `.${name}`), JSON.stringify(call), { mode: 0o600 });
    renameSync(join(spool, `.${name}`), join(spool, `${name}.json`));
  } catch (error) {
    // An agent that has no spool (any more), or no room: the call itself is not the worse for it.
    if (errnoOf(error) === null) throw error;
  }
}

/** What such an event says; null for those of the agent's own hooks. */
export function mcpEvidence(event: string, at: string, payload: unknown): HookEvidence | null {
  if (event !== EVENT || typeof payload !== 'object' || payload === null) return null;
  const { what, state, until } = payload as Record<string, unknown>;
  if (typeof what !== 'string' || (state !== 'working' && state !== 'waiting' && state !== 'idle')) return null;
  const lasts = typeof until === 'number' ? until : null;
  return { source: 'mcp', event: oneLine(what, 120), at: Date.parse(at), state, until: lasts };
}
