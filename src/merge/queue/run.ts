import { agentById } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { exit, messageOf, UserError } from '../../lib/errors.ts';
import { settleAll } from '../../lib/parallel.ts';
import { withLease } from '../../store/leases.ts';
import type { AgentRow } from '../../store/schema.ts';
import { type MergeDoor, mergeAgent } from '../merge.ts';
import type { MergeResult } from '../types.ts';
import { endedAlready, endWithoutAgent } from './ended.ts';
import { pausedBecause, type QueueEntry, type QueueRow, queueLease, toEntry } from './entries.ts';
import { isAgentsToMend, toRework } from './rework.ts';
import { sendBack } from './send-back.ts';
import { type EntryPatch, settle } from './settle.ts';
import { tidyQueue } from './tidy.ts';
import { nextTurn } from './turn.ts';

/** Reworks of one merge after which it goes back to the person. */
const ROUNDS = 3;
/** Milliseconds that somebody else who works the queue gets: as long as it takes, since each merge has its gate. */
const PATIENCE = 24 * 60 * 60_000;

/**
 * Works the queue off, for each target one merge after the other, each tried on top of what landed before it. A red gate or
 * a conflict sends a merge back and the next one has its turn; one whose agent isn't ready is passed over and waits on.
 * Killed at any moment, it goes on where it was: a merge moves its target in one step.
 * `only`: the branch whose merges are meant.
 * @returns what had its turn, or ended without one.
 */
export async function runQueue(
  session: Session,
  door: MergeDoor,
  signal: AbortSignal | null = null,
  only: string | null = null,
): Promise<QueueEntry[]> {
  const done: QueueEntry[] = [];
  const passed = new Set<number>();
  const goesOn = async () => !signal?.aborted && (await pausedBecause(session)) === null;
  for (;;) {
    done.push(...(await tidyQueue(session)));
    const before = done.length;
    const able = (await goesOn()) ? await takeable(session, passed) : [];
    const targets = able.filter((into) => only === null || into === only);
    const lanes = await settleAll(targets, targets.length, (into) =>
      withLease(session.db, queueLease(into), PATIENCE, async () => {
        while (await goesOn()) {
          const entry = await nextTurn(session, passed, into);
          if (entry === null) return;
          const after = await takeTurn(session, entry, door);
          if (after !== null) done.push(toEntry(after));
          if (after?.state === 'queued') passed.add(after.id);
        }
      }),
    );
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
    // What ended into one branch may have been waited for by another.
    if (done.length === before) return done;
  }
}

/** Branches into which a merge can have its turn. */
export async function takeable(session: Session, passed: ReadonlySet<number>): Promise<string[]> {
  const query = session.db.selectFrom('merge_queue').select('into_branch').distinct();
  const rows = await query.where('state', 'in', ['queued', 'running']).execute();
  const able: string[] = [];
  for (const { into_branch: into } of rows) {
    if ((await nextTurn(session, passed, into)) !== null) able.push(into);
  }
  return able;
}

/** Null when the entry was taken out of the queue just before. */
async function takeTurn(session: Session, entry: QueueRow, door: MergeDoor): Promise<QueueRow | null> {
  const ended = await endedAlready(session, entry);
  if (ended !== null) return settle(session, entry, ended);
  const running = await settle(session, entry, { state: 'running', reason: null });
  if (running === null) return null;
  const row = await agentById(session.db, entry.agent_id);
  if (row === undefined) return settle(session, running, await endWithoutAgent(session, entry));
  door.tell(`${row.name}: its merge into ${entry.into_branch} has its turn`);
  try {
    const options = {
      into: entry.into_branch,
      strategy: toEntry(entry).strategy,
      message: null,
      keep: entry.keep === 1,
      gate: true,
    };
    const result = await mergeAgent(session, row, options, door);
    return await conclude(session, running, row, result);
  } catch (error) {
    const known = error instanceof UserError ? error : null;
    if (known?.code === 'NO_SUCH_AGENT') return settle(session, running, await endWithoutAgent(session, entry));
    if (known?.code === 'SCRIPT_CHANGED') return settle(session, running, await unapproved(session, entry, row, known));
    const interrupted = known?.exit === exit.interrupted;
    const reason = interrupted ? null : messageOf(error);
    const waits = await settle(session, running, { state: 'queued', reason });
    if (known !== null && concernsOne(session, row, known)) return waits;
    throw error;
  }
}

/**
 * What names this agent, a process that is just at something, or one folder (where the target is checked out) may be over
 * later: the others may go on.
 */
function concernsOne({ repo }: Session, { name }: AgentRow, { code, details }: UserError): boolean {
  const { agent, dir } = details as { readonly agent?: unknown; readonly dir?: unknown };
  return code === 'BUSY' || agent === name || (typeof dir === 'string' && dir !== repo.root);
}

/** Its tree has scripts for the gate that nobody approved: a person reads them, and the others' turns go on. */
async function unapproved(session: Session, entry: QueueRow, row: AgentRow, error: UserError): Promise<EntryPatch> {
  const reason = `${error.message} ${error.hint}`;
  await sendBack(session, row, { into: entry.into_branch, state: 'refused', files: [], log: null, reason });
  return { state: 'returned', reason };
}

/** Null when the entry was taken out of the queue meanwhile. */
async function conclude(
  session: Session,
  running: QueueRow,
  row: AgentRow,
  result: MergeResult,
): Promise<QueueRow | null> {
  const told = { result: JSON.stringify(result), reason: result.reason };
  if (result.state === 'merged' || result.state === 'nothing') {
    return settle(session, running, { ...told, state: 'merged' });
  }
  // Somebody's work lies in the way: that is theirs to put away, and the merge waits for it.
  if (!isAgentsToMend(result)) return settle(session, running, { ...told, state: 'queued' });
  if (running.rework === 1 && running.rounds < ROUNDS) {
    return toRework(session, running, row, result, (within, patch) => settle(within, running, patch));
  }
  await sendBack(session, row, result);
  const often = running.rework === 1 ? `${result.reason}; after ${running.rounds} reworks, a person is to look` : null;
  return settle(session, running, { ...told, state: 'returned', task_id: null, reason: often ?? result.reason });
}
