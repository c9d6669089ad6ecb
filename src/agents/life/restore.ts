import { existsSync, renameSync } from 'node:fs';
import { exit, UserError } from '../../lib/errors.ts';
import { beginOperation, type Operation } from '../../store/journal.ts';
import type { AgentRow, RemovedRow } from '../../store/schema.ts';
import { leasePorts } from '../../workspace/ports.ts';
import { isSetAside, restoreWorktree } from '../../workspace/removal.ts';
import { requireFreeFolder } from '../folders.ts';
import { agentById, allAgents, portsOf, recordEvent, updateAgent } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import { gitLock } from '../spawn/ground.ts';
import { removedFolder } from './remove.ts';
import { holdTurn } from './turn.ts';

/**
 * Undoes a removal: worktree with its uncommitted files, branch, ports and name are back; `swarm resume` starts it.
 * @throws UserError exit 3 when nothing of that name was removed, exit 4 when its name, folder or branch is taken.
 */
export async function restoreAgent(session: Session, word: string): Promise<AgentRow> {
  const agent: AgentRow = JSON.parse((await requireRemoved(session, word)).agent);
  return holdTurn(session, agent, () => restore(session, word));
}

async function restore(session: Session, word: string): Promise<AgentRow> {
  const removed = await requireRemoved(session, word);
  const before: AgentRow = JSON.parse(removed.agent);
  await requireFree(session, before);
  requireFreeFolder(session.repo, before.name);
  const data = { agent: removed.name, removed };
  return finishRestore(session, removed, await beginOperation(session.db, 'restore', before.id, data));
}

/**
 * The steps of a restore. Each can be run again: a repair calls this for one that was cut short. What stands in the way
 * of the worktree ends it, and leaves everything removed as it was.
 */
export async function finishRestore(session: Session, removed: RemovedRow, operation: Operation): Promise<AgentRow> {
  const before: AgentRow = JSON.parse(removed.agent);
  const { repo } = session;
  try {
    await operation.step('record', () => insertAgain(session, before));
    await operation.step('worktree', async () => {
      const request = { repo, id: removed.id, operation: operation.id, lock: gitLock(session) };
      // A kept worktree was never moved.
      if (await isSetAside(repo, removed.id)) await restoreWorktree(request);
    });
  } catch (error) {
    await session.db.deleteFrom('agents').where('id', '=', before.id).execute();
    await operation.finish('failed');
    throw error;
  }
  const row = await operation.step('ports', () => takePortsAgain(session, before));
  await operation.step('folder', async () => {
    const from = removedFolder(session, removed.id);
    if (existsSync(from) && !existsSync(agentFolder(repo, row))) renameSync(from, agentFolder(repo, row));
  });
  await operation.step('forget', () => forget(session, removed, row));
  await operation.finish('done');
  return row;
}

async function forget(session: Session, { id }: RemovedRow, row: AgentRow): Promise<void> {
  await session.db.transaction().execute(async (tx) => {
    const gone = await tx.deleteFrom('removed').where('id', '=', id).returning('id').executeTakeFirst();
    if (gone) await recordEvent(tx, row.name, 'restored', { id });
  });
}

/** The row comes first: name, branch and folder are the agent's again before anything is put there. */
async function insertAgain(session: Session, before: AgentRow): Promise<void> {
  if ((await agentById(session.db, before.id)) !== undefined) return;
  const rest = { tmux_window: null, tmux_pane: null, pid: null, pid_start: null, unseen: 0 };
  const status = { status: 'paused', reason: 'restored', source: 'swarm', since: new Date().toISOString() };
  await session.db.transaction().execute(async (tx) => {
    await requireFree({ db: tx }, before);
    await tx
      .insertInto('agents')
      .values({ ...before, ...rest, ...status })
      .execute();
  });
}

/** @throws UserError exit 4 when another agent has the name, the branch or the folder by now. */
async function requireFree({ db }: Pick<Session, 'db'>, before: AgentRow): Promise<void> {
  const same = (mine: string | null, theirs: string | null) => mine !== null && mine === theirs;
  const others = await allAgents(db);
  const holder = others.find(
    ({ name, branch, worktree }) =>
      name === before.name || same(branch, before.branch) || same(worktree, before.worktree),
  );
  if (holder === undefined) return;
  const named = holder.name === before.name;
  throw new UserError({
    code: named ? 'NAME_TAKEN' : 'BRANCH_TAKEN',
    exit: exit.refused,
    message: named
      ? `There is an agent called '${before.name}' again.`
      : `${holder.name} has what ${before.name} had: ${same(holder.branch, before.branch) ? `the branch ${before.branch}` : before.worktree}.`,
    hint: named ? `swarm rename ${before.name} ${before.name}-new` : `swarm ls`,
  });
}

/** The ports it had, where nobody took them meanwhile; else others. */
async function takePortsAgain(session: Session, before: AgentRow): Promise<AgentRow> {
  const old = portsOf(before);
  const { from, to } = session.config.ports;
  const userDb = await session.userDb();
  const request = {
    userDb,
    session: { id: session.id, dir: session.repo.stateDir },
    agentId: before.id,
    names: Object.keys(old),
    range: { from, to },
  };
  const ports = await leasePorts({ ...request, pinned: old }).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'PORT_TAKEN') return leasePorts(request);
    throw error;
  });
  return updateAgent(session.db, before.id, { ports: JSON.stringify(ports) });
}

async function requireRemoved(session: Session, word: string): Promise<RemovedRow> {
  const rows = await session.db.selectFrom('removed').selectAll().orderBy('removed_at', 'desc').execute();
  const found = rows.find(({ id, name, branch }) => name === word || id === word || branch === word);
  if (found) return found;
  const names = [...new Set(rows.map(({ name }) => name))];
  const there = names.length === 0 ? 'Nothing was removed in the last 7 days.' : `There are: ${names.join(', ')}.`;
  throw new UserError({
    code: 'NOTHING_TO_RESTORE',
    exit: exit.notFound,
    message: `No agent '${word}' can be restored. ${there}`,
    hint: names[0] === undefined ? 'swarm ls' : `swarm restore ${names[0]}`,
    details: { candidates: names },
  });
}
