import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { approveCommands, type ConsentDoor } from '../agents/consent.ts';
import { AFTER_MERGE, afterMerge, tasksOfWork } from '../agents/life/aftermath.ts';
import { withTurn } from '../agents/life/turn.ts';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { withScratchWorktree } from '../git/merge-commit.ts';
import { HALF_MOVED, moveBranch, refusedMove } from '../git/move-branch.ts';
import { exit, UserError } from '../lib/errors.ts';
import { beginOperation, type Operation } from '../store/journal.ts';
import { withLease } from '../store/leases.ts';
import type { AgentRow } from '../store/schema.ts';
import type { ApprovedCommands } from '../workspace/approved.ts';
import { worktreesDir } from '../workspace/place.ts';
import { type BuildRequest, buildMerge } from './build.ts';
import { runGate } from './gate.ts';
import { answerRequest } from './queue/answered.ts';
import { readyTip } from './ready.ts';
import { targetOf } from './target.ts';
import { requireTargetAtRest } from './target-at-rest.ts';
import type { MergeOptions, MergeResult } from './types.ts';

export interface MergeDoor extends ConsentDoor {
  readonly tell: (line: string) => void;
}

/** How often the work is brought together anew because somebody else moved the target meanwhile. */
const TRIES = 5;
/** Milliseconds that another merge into the same branch gets. */
const PATIENCE = 10 * 60_000;

/**
 * Brings an agent's committed work home: merged in memory, tried by the gate on the merged tree, and only then does the
 * target move, in one step and only if it still is where it was. Nobody's checkout is touched but that of the target,
 * which git itself moves forward. Whatever stops it, nothing has changed.
 * @throws UserError exit 4 when the agent isn't ready, or consent to the gate is lacking; 2 for a target that is none.
 */
export async function mergeAgent(
  session: Session,
  agent: AgentRow,
  options: MergeOptions,
  consent: MergeDoor,
): Promise<MergeResult> {
  requireUseOf(session, agent, options);
  const keys = [...AFTER_MERGE, ...(options.gate ? ['merge.gate'] : [])];
  const door = { ...consent, approved: await approveCommands(session, keys, consent) };
  return withTurn(session, agent, { ends: false }, async (row) => {
    const { name } = await targetOf(session, row, options.into);
    return withLease(session.db, `merge:${name}`, PATIENCE, () => merge(session, row, options, door));
  });
}

/** @throws UserError exit 2 for a message of a commit that is not made. */
function requireUseOf({ config }: Session, { name }: AgentRow, { message, strategy }: MergeOptions): void {
  const how = strategy ?? config.merge.strategy;
  if (message === null || how === 'squash' || how === 'merge') return;
  throw new UserError({
    code: 'MESSAGE_UNUSED',
    exit: exit.usage,
    message: `A merge by ${how} makes no commit of its own: there is none to have this message.`,
    hint: `Without the message: swarm merge ${name} --strategy ${how}`,
    details: { agent: name, strategy: how },
  });
}

type Door = MergeDoor & { readonly approved: ApprovedCommands };

async function merge(session: Session, row: AgentRow, options: MergeOptions, door: Door): Promise<MergeResult> {
  const strategy = options.strategy ?? session.config.merge.strategy;
  const dir = await worktreesDir(session.repo, session.config.worktrees.dir);
  const scratch = join(dir, `.merge-${randomUUID().slice(0, 8)}`);
  const tip = await readyTip(session, row, options.keep);
  const target = await targetOf(session, row, options.into);
  await requireTargetAtRest(session, row, target.name);
  // A flag that is not given is undefined, and the journal would forget it.
  const keep = options.keep === true;
  const tasks = await tasksOfWork(session, row, tip);
  // All that a repair needs to bring it to its end.
  const data = { agent: row.name, into: target.name, scratch, tip, strategy, keep, tasks };
  const operation = await beginOperation(session.db, 'merge', row.id, data);
  const request = { session, row, target, tip, strategy, message: options.message, scratch, operation: operation.id };
  const outcome = await attempts(request, operation, door).catch(async (error: unknown) => {
    // What git left in a checkout is taken back by a repair.
    if (error instanceof UserError && error.code === HALF_MOVED) await operation.leave();
    else await operation.finish('failed');
    throw error;
  });
  const result = { agent: row.name, into: target.name, strategy, removed: false, notes: [], ...outcome };
  await recordEvent(session.db, row.name, 'merge', { ...result, tip });
  await answerRequest(session, row, result);
  const { state, commit, into } = result;
  const after = { approve: async () => door.approved, tell: door.tell };
  const landed = commit === null ? null : { into, commit, tip, keep, tasks };
  // What stops this is left open in the journal: a repair goes on with it.
  const more = landed === null ? {} : await afterMerge(session, row, landed, after, operation, new Map());
  const done = { ...result, ...more };
  await operation.note({ result: done });
  await operation.finish(state === 'merged' || state === 'nothing' ? 'done' : 'undone');
  return done;
}

type Outcome = Pick<MergeResult, 'state' | 'commit' | 'files' | 'log' | 'reason'>;

const NOTHING = { commit: null, files: [], log: null, reason: null } as const;

async function attempts(first: BuildRequest, operation: Operation, door: Door): Promise<Outcome> {
  let request = first;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const outcome = await attemptOnce(request, operation, door);
    if (outcome !== 'raced') return outcome;
    door.tell(`${request.row.name}: somebody else moved ${request.target.name}; merging anew`);
    request = { ...request, target: await targetOf(request.session, request.row, request.target.name) };
  }
  throw new UserError({
    code: 'TARGET_MOVES',
    exit: exit.refused,
    message: `${request.target.name} was moved by somebody else ${TRIES} times while the merge was tried. Nothing was merged.`,
    hint: `swarm merge ${request.row.name}`,
    details: { agent: request.row.name, into: request.target.name },
  });
}

async function attemptOnce(request: BuildRequest, operation: Operation, door: Door): Promise<Outcome | 'raced'> {
  const { session, row, target, scratch } = request;
  const built = await buildMerge(request);
  if (built.state === 'nothing') return { ...NOTHING, state: 'nothing' };
  if (built.state !== 'built') return { ...NOTHING, ...built };
  const { commit } = built;
  await operation.note({ from: target.oid, to: commit });
  const reason = `swarm merge ${row.name}`;
  const move = { branch: target.name, from: target.oid, to: commit, reason, operation: operation.id };
  // A gate takes long: what would refuse its result anyway is said before it.
  const refused = await refusedMove(session.repo, move);
  if (refused !== null) return { ...NOTHING, ...refused };
  const gate = await operation.step('gate', () => tryGate(request, commit, door, scratch));
  const log = gate?.log ?? null;
  if (gate?.passed === false) return { ...NOTHING, state: 'gate_failed', log, reason: gate.reason };
  // The gate may have taken long.
  await requireTargetAtRest(session, row, target.name);
  const moved = await operation.step('move', () => moveBranch(session.repo, move));
  if (moved.state === 'raced') return 'raced';
  if (moved.state === 'refused') return { ...NOTHING, ...moved, log };
  return { ...NOTHING, state: 'merged', commit, log };
}

function tryGate(request: BuildRequest, commit: string, door: Door, scratch: string): ReturnType<typeof runGate> {
  const { session, row, target, operation } = request;
  if (door.approved.lines('merge.gate').length === 0) return Promise.resolve(null);
  return withScratchWorktree(session.repo, scratch, commit, operation, (here) =>
    runGate({
      session,
      row,
      approved: door.approved,
      worktree: here.dir,
      into: target.name,
      commit,
      operation,
      tell: door.tell,
    }),
  );
}
