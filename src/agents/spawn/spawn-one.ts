import { randomUUID } from 'node:crypto';
import type { Ref } from '../../git/branches.ts';
import { withUncommitted } from '../../git/changes.ts';
import { messageOf } from '../../lib/errors.ts';
import { beginOperation, type Operation, readOperation } from '../../store/journal.ts';
import { withLease } from '../../store/leases.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { ApprovedCommands } from '../../workspace/approved.ts';
import { planWorktree, type WorktreePlan } from '../../workspace/worktree.ts';
import { firstPrompt, keepPrompt } from '../first-prompt.ts';
import { allAgents, optionsOf, setStatus, updateAgent } from '../records.ts';
import type { Session } from '../session.ts';
import { startAgent } from '../start.ts';
import type { Delivery } from '../types.ts';
import { makeGround, runPostCreate, takePorts } from './ground.ts';
import { checkTicket } from './jobs.ts';
import { startingPoint } from './pull.ts';
import type { SpawnDoor, SpawnJob, SpawnRequest } from './request.ts';
import { reserveAgent } from './reserve.ts';
import { ticketText } from './ticket-text.ts';
import { undoSpawn } from './undo.ts';

/** Milliseconds that other processes may take to choose names and branches. */
const PLAN_LEASE = 60_000;

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
  const { session, request, job, approved, door } = base;
  const id = randomUUID();
  const operation = await beginOperation(session.db, 'spawn', id, { ticket: job.ticket });
  const context = { ...base, operation };
  let row: AgentRow;
  try {
    const reserved = await operation.step('reserve', () => reserve(context, id, prompt));
    row = await operation.step('ports', () => takePorts(session, reserved.row, request.ports));
    await operation.step('worktree', () => makeGround(context, row, reserved.plan, patch));
  } catch (error) {
    const { agent } = await undoSpawn(session, await readOperation(session.db, operation.id));
    await operation.finish(agent === null ? 'undone' : 'failed');
    throw error;
  }
  door.tell(`${row.name}: worktree ${row.worktree} on ${row.branch}`);
  try {
    await operation.step('hooks', () =>
      runPostCreate(session, row, approved, { operation: operation.id, tell: door.tell }),
    );
    const started = await operation.step('window', () =>
      startAgent(session, { row, prompt, conversation: null, panes: { approved, tell: door.tell }, operation }),
    );
    row = started.row;
    // What has to be typed can't be left to itself: nobody would type it.
    const sent = request.wait === 'window' && started.promptTaken;
    const delivery =
      prompt === null || sent
        ? null
        : await operation.step('prompt', () => firstPrompt(session, started, prompt, request.timeout));
    await operation.finish('done');
    return { row, delivery, error: null };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
    row = await setStatus(session.db, row, { status: 'failed', reason: error.message, source: 'swarm' });
    await operation.finish('failed');
    return { row, delivery: null, error };
  }
}

/** Name, branch and folder, chosen under a lease: planners of other processes see each other's rows. */
function reserve(
  context: SpawnContext,
  id: string,
  prompt: string | null,
): Promise<{ row: AgentRow; plan: WorktreePlan }> {
  const { session, request, job, operation } = context;
  return withLease(session.db, 'plan', PLAN_LEASE, async () => {
    await checkTicket(session, request, job, context.held);
    const row = await reserveAgent(session, request, job, id);
    const others = await allAgents(session.db);
    const plan = await planWorktree({
      repo: session.repo,
      config: session.config.worktrees,
      agentName: row.name,
      ticket: row.ticket,
      ...startingPoint(request),
      taken: {
        branches: others.flatMap(({ branch }) => branch ?? []),
        paths: others.flatMap(({ worktree }) => worktree ?? []),
      },
      another: request.another || job.shared,
    });
    await operation.note({ plan });
    const placed = await updateAgent(session.db, id, {
      branch: plan.branch,
      branch_created: plan.createsBranch ? 1 : 0,
      base: plan.base?.name ?? null,
      base_oid: plan.base?.oid ?? null,
      worktree: plan.path,
      worktree_created: 1,
    });
    // The agent may come to stay, whatever happens to this process: then its prompt is there with it.
    const kept = await keepPrompt(session, placed, prompt);
    await operation.note({ prompt: optionsOf(kept).promptFile });
    return { row: kept, plan };
  });
}
