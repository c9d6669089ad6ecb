import { randomUUID } from 'node:crypto';
import type { Ref } from '../../git/branches.ts';
import { withUncommitted } from '../../git/changes.ts';
import { beginOperation, type Operation } from '../../store/journal.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { ApprovedCommands } from '../../workspace/approved.ts';
import { firstPrompt } from '../first-prompt.ts';
import { holdTurn } from '../life/turn.ts';
import { asError } from '../pick.ts';
import { markFailed } from '../records.ts';
import type { Session } from '../session.ts';
import { type Started, startAgent } from '../start.ts';
import type { Delivery } from '../types.ts';
import { runPostCreate } from './ground.ts';
import { makePlace } from './place.ts';
import type { SpawnDoor, SpawnJob, SpawnRequest } from './request.ts';
import { ticketText } from './ticket-text.ts';

export interface SpawnedOne {
  readonly row: AgentRow;
  readonly delivery: Delivery | null;
  /** What went wrong after the worktree was made: the agent stays, marked failed. */
  readonly error: Error | null;
}

/** What the steps of one spawn share. */
export interface SpawnContext {
  readonly session: Session;
  readonly request: SpawnRequest;
  readonly job: SpawnJob;
  readonly approved: ApprovedCommands;
  readonly door: SpawnDoor;
  /** Tickets that were taken before this call, and by whom. */
  readonly held: ReadonlyMap<string, string>;
  /** Where new branches start: looked up once for all. */
  readonly base: Promise<Ref>;
  readonly operation: Operation;
}

/**
 * Makes one agent, each step in the journal before it is done. What fails before post_create leaves nothing behind;
 * what fails later leaves the agent, marked failed, for `swarm restart` or `swarm rm`.
 */
export async function spawnOne(base: Omit<SpawnContext, 'operation'>): Promise<SpawnedOne> {
  const prompt = await ticketText(base.session, base.job, base.approved);
  const { changesFrom } = base.request;
  if (changesFrom === null) return makeOne(base, prompt, null);
  return withUncommitted(changesFrom, (patch) => makeOne(base, prompt, patch));
}

async function makeOne(
  base: Omit<SpawnContext, 'operation'>,
  prompt: string | null,
  patch: string | null,
): Promise<SpawnedOne> {
  const { session, request, job } = base;
  const id = randomUUID();
  const operation = await beginOperation(session.db, 'spawn', id, { ticket: job.ticket });
  const context = { ...base, operation };
  // Its turn is over once its window is open: its prompt may wait for long, and whoever wants to end it meanwhile may.
  const made = await holdTurn(session, { id, name: job.ticket ?? 'a new agent' }, async () => {
    const row = await makePlace(context, id, prompt, patch);
    return settle(context, row, () => open(context, row, prompt));
  });
  if (made.error !== null) return { row: made.row, delivery: null, error: made.error };
  const started = made.value;
  const { row, value, error } = await settle(context, started.row, async () => {
    // What has to be typed can't be left to itself: nobody would type it.
    const sent = request.wait === 'window' && started.promptTaken;
    const delivery =
      prompt === null || sent
        ? null
        : await operation.step('prompt', () => firstPrompt(session, started, prompt, request.timeout));
    await operation.finish('done');
    return delivery;
  });
  return { row, delivery: value, error };
}

async function open(context: SpawnContext, row: AgentRow, prompt: string | null): Promise<Started> {
  const { session, approved, operation, door } = context;
  const run = { operation: operation.id, tell: door.tell };
  await operation.step('hooks', () => runPostCreate(session, row, approved, run));
  const panes = { approved, tell: door.tell };
  return operation.step('window', () =>
    startAgent(session, { row, prompt, conversation: null, approved, panes, operation }),
  );
}

type Attempted<T> =
  | { readonly row: AgentRow; readonly value: T; readonly error: null }
  | { readonly row: AgentRow; readonly value: null; readonly error: Error };

/** What fails from here on leaves the agent, marked failed. */
async function settle<T>(
  { session, operation }: SpawnContext,
  row: AgentRow,
  work: () => Promise<T>,
): Promise<Attempted<T>> {
  try {
    return { row, value: await work(), error: null };
  } catch (thrown) {
    const error = asError(thrown);
    const failed = await markFailed(session.db, row, error.message);
    await operation.finish('failed');
    return { row: failed, value: null, error };
  }
}
