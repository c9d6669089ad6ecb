import { exit, UserError } from '../../lib/errors.ts';
import { beginOperation, type Operation } from '../../store/journal.ts';
import type { SessionDb } from '../../store/open.ts';
import type { AgentRow } from '../../store/schema.ts';
import { moveAgentFolder, requireFreeFolder } from '../folders.ts';
import { requireNoGuest } from '../guest-names.ts';
import { panesOf } from '../observe.ts';
import { optionsOf, recordEvent, updateAgent } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import { checkName, takeNumber } from '../spawn/reserve.ts';
import { windowTitle } from '../window-name.ts';
import { withTurn } from './turn.ts';

/** What a repair must know to finish a rename. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** Gives the agent another name. Its worktree and branch keep theirs: a running CLI sits in that folder. */
export function renameAgent(session: Session, agent: AgentRow, wanted: string): Promise<AgentRow> {
  const to = checkName(wanted);
  return withTurn(session, agent, { ends: false }, (row) => rename(session, row, to));
}

async function rename(session: Session, row: AgentRow, to: string): Promise<AgentRow> {
  await requireFreeName(session.db, row, to);
  requireFreeFolder(session.repo, to, row.name);
  const renaming: Renaming = { from: row.name, to };
  const operation = await beginOperation(session.db, 'rename', row.id, { agent: row.name, ...renaming });
  try {
    return await finishRename(session, row, renaming, operation);
  } catch (error) {
    await operation.finish('failed');
    throw error;
  }
}

/** The steps of a rename. Each can be run again: a repair calls this for one that was cut short. */
export async function finishRename(
  session: Session,
  row: AgentRow,
  renaming: Renaming,
  operation: Operation,
): Promise<AgentRow> {
  const renamed = await operation.step('record', () => record(session, row, renaming));
  await operation.step('window', () => retitle(session, renamed));
  await operation.finish('done');
  return renamed;
}

/** Folder and row in one transaction: nobody else can take the name in between, nor find one without the other. */
function record(session: Session, row: AgentRow, { from, to }: Renaming): Promise<AgentRow> {
  const [before, after] = [from, to].map((name) => agentFolder(session.repo, { name }));
  return session.db.transaction().execute(async (tx) => {
    if (row.name === to) return row;
    await requireFreeName(tx, row, to);
    moveAgentFolder(session.repo, from, to);
    const { promptFile, ...options } = optionsOf(row);
    const moved = promptFile?.replace(`${before}/`, `${after}/`) ?? null;
    const number = await takeNumber(tx, to);
    const patch = { name: to, number, options: JSON.stringify({ ...options, promptFile: moved }) };
    const renamed = await updateAgent(tx, row.id, patch);
    await recordEvent(tx, to, 'renamed', { from });
    return renamed;
  });
}

/** By the agent's mark, as everywhere: the window may be gone, and its id a stranger's. */
async function retitle(session: Session, row: AgentRow): Promise<void> {
  const pane = (await panesOf(session, [row])).get(row.id);
  if (pane) await session.tmux.renameWindow(pane.window, windowTitle(session, row));
}

async function requireFreeName(db: SessionDb, row: AgentRow, name: string): Promise<void> {
  const taken = await db.selectFrom('agents').select('id').where('name', '=', name).executeTakeFirst();
  if (!taken) return requireNoGuest(db, name, `swarm rename ${row.name} ${name}-2`);
  throw new UserError({
    code: 'NAME_TAKEN',
    exit: exit.refused,
    message: taken.id === row.id ? `It is called '${name}' already.` : `There is an agent called '${name}' already.`,
    hint: `swarm rename ${row.name} ${name}-2`,
  });
}
