import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ring } from '../../board/bell.ts';
import { boardOf } from '../../board/context.ts';
import { type Departure, takeLeave } from '../../board/departure.ts';
import { participantOfAgent } from '../../board/participants.ts';
import { releaseAllOf } from '../../board/tasks/lease.ts';
import { beginOperation, type Operation, type RecordedOperation, readOperation } from '../../store/journal.ts';
import type { AgentRow } from '../../store/schema.ts';
import { freePorts } from '../../workspace/ports.ts';
import { removeWorktree } from '../../workspace/removal.ts';
import { dropFormerNames, launchFiles } from '../folders.ts';
import { agentById, recordEvent } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import { gitLock } from '../spawn/ground.ts';
import { closeWindow } from '../tmux-session.ts';
import { whileEnding } from './ending.ts';
import { type Agreed, agentLosses, refuseLosses } from './losses.ts';
import { type RemoveDoor, runRemovalHooks } from './removal-hooks.ts';
import { endProcess } from './stop.ts';
import { withTurn } from './turn.ts';

export interface RemoveOptions extends Agreed {
  readonly keepWorktree: boolean;
}

/** What a removal came to. */
export interface Removal {
  readonly agent: string;
  /** For `swarm restore`. */
  readonly id: string;
  readonly branch: string | null;
  /** `kept`: not swarm's to delete, or the worktree was kept too. */
  readonly branchOutcome: 'deleted' | 'kept' | 'moved' | 'in-use' | 'gone';
  /** Where the worktree lies for 7 days; null when it was kept or gone. */
  readonly trash: string | null;
  /** Messages of the board that it has not seen; they wait for it to be restored. */
  readonly unread: number;
}

/** Everything a repair must know to finish a removal. */
interface RemovalData extends Readonly<Record<string, unknown>> {
  readonly agent: string;
  readonly row: AgentRow;
  readonly expectedTip: string | null;
  readonly deletesBranch: boolean;
  readonly keepWorktree: boolean;
}

/**
 * Ends an agent and takes away its window, worktree, ports, and the branch when its work is merged or its loss agreed to.
 * Nothing is touched before every loss is agreed to; it is looked for again once the process has ended.
 * @throws UserError exit 4 naming what would be lost; exit 1 for a failing pre_remove hook.
 */
export function removeAgent(
  session: Session,
  agent: AgentRow,
  options: RemoveOptions,
  door: RemoveDoor,
): Promise<Removal> {
  return withTurn(session, agent, { ends: true }, (row) => removeInTurn(session, row, options, door));
}

/** A worktree that swarm did not make is never removed: nothing in it is at stake. */
export function keepsWorktree(row: AgentRow, options: RemoveOptions): boolean {
  return options.keepWorktree || row.worktree_created === 0;
}

/** {@link removeAgent} for who has the agent's turn already, and has seen that no prompt is being typed. */
export async function removeInTurn(
  session: Session,
  row: AgentRow,
  options: RemoveOptions,
  door: RemoveDoor,
): Promise<Removal> {
  const keepWorktree = keepsWorktree(row, options);
  const before = await agentLosses(session, row);
  if (!keepWorktree) refuseLosses(row, before, options);
  const ours = row.branch_created === 1 || options.deleteBranch;
  const data: RemovalData = {
    agent: row.name,
    row,
    expectedTip: before.tip,
    deletesBranch: ours && !options.keepWorktree,
    keepWorktree,
  };
  const operation = await beginOperation(session.db, 'rm', row.id, data);
  const hooks = { ...door, operation: operation.id };
  try {
    await operation.step('pre_remove', () => runRemovalHooks(session, row, 'preRemove', hooks));
  } catch (error) {
    await operation.finish('failed');
    throw error;
  }
  const removal = await whileEnding(session, row, () => endAndRemove(session, row, options, operation));
  await operation.step('post_remove', () => runRemovalHooks(session, row, 'postRemove', hooks));
  await operation.finish('done');
  return removal;
}

async function endAndRemove(
  session: Session,
  row: AgentRow,
  options: RemoveOptions,
  operation: Operation,
): Promise<Removal> {
  try {
    await operation.step('process', () => endProcess(row));
    // It may have committed while it ended.
    const after = await agentLosses(session, row);
    if (!keepsWorktree(row, options)) refuseLosses(row, after, options);
    await operation.note({ expectedTip: after.tip });
  } catch (error) {
    await operation.finish('failed');
    throw error;
  }
  return finishRemove(session, await readOperation(session.db, operation.id), operation);
}

/**
 * The steps after which nothing can be refused any more. Each can be run again: a repair calls this. The caller
 * finishes the operation.
 */
export async function finishRemove(
  session: Session,
  recorded: RecordedOperation,
  operation: Operation,
): Promise<Removal> {
  const { row, expectedTip, deletesBranch, keepWorktree } = recorded.data as unknown as RemovalData;
  await operation.step('end', () => endProcess(row));
  await operation.step('window', () => closeWindow(session, row));
  const removed = await operation.step('worktree', async () => {
    if (keepWorktree || row.worktree === null) return null;
    const request = { repo: session.repo, id: operation.id, worktree: row.worktree, branch: row.branch, expectedTip };
    const how = { deleteBranch: deletesBranch, operation: operation.id, lock: gitLock(session) };
    return removeWorktree({ ...request, ...how });
  });
  await operation.step('ports', async () => freePorts(await session.userDb(), row.id));
  // The row goes last: until then the name, and with it the folder, can't be another agent's.
  await operation.step('folder', async () => moveFolder(session, operation.id, row));
  const trash = removed?.trash ?? null;
  const { unread } = await operation.step('record', () => recordRemoval(session, operation.id, row, trash));
  await releaseAllOf(boardOf(session), row.id, `${row.name} was removed`);
  const branchOutcome = removed?.outcome ?? 'kept';
  return { agent: row.name, id: operation.id, branch: row.branch, branchOutcome, trash, unread };
}

async function recordRemoval(session: Session, id: string, row: AgentRow, path: string | null): Promise<Departure> {
  const board = boardOf(session);
  const entry = { id, name: row.name, agent: JSON.stringify(row), path, branch: row.branch, branch_oid: null };
  const left = await session.db.transaction().execute(async (tx) => {
    if ((await agentById(tx, row.id)) === undefined) return { unread: 0, told: [] };
    const leave = await takeLeave({ ...board, db: tx }, participantOfAgent(row));
    await tx
      .insertInto('removed')
      .values({ ...entry, removed_at: new Date().toISOString() })
      .execute();
    await tx.deleteFrom('agents').where('id', '=', row.id).execute();
    await recordEvent(tx, row.name, 'removed', { id });
    return leave;
  });
  ring(board, ...left.told);
  return left;
}

/** Prompts and settings of a removed agent, for as long as it can be restored. */
export function removedFolder(session: Session, id: string): string {
  return join(session.repo.stateDir, 'removed', id);
}

function moveFolder(session: Session, id: string, row: AgentRow): void {
  const from = agentFolder(session.repo, row);
  const to = removedFolder(session, id);
  dropFormerNames(session.repo, row);
  for (const file of launchFiles(from)) rmSync(file, { force: true });
  if (!existsSync(from) || existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  renameSync(from, to);
}
