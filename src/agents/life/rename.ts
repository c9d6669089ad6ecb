import { lstatSync, renameSync, symlinkSync } from 'node:fs';
import { exit, UserError } from '../../lib/errors.ts';
import { beginOperation, type Operation } from '../../store/journal.ts';
import type { AgentRow } from '../../store/schema.ts';
import { panesOf } from '../observe.ts';
import { allAgents, optionsOf, recordEvent, updateAgent } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import { checkName } from '../spawn/reserve.ts';
import { windowTitle } from '../window-name.ts';

/** Gives the agent another name. Its worktree and branch keep theirs: a running CLI sits in that folder. */
export async function renameAgent(session: Session, row: AgentRow, wanted: string): Promise<AgentRow> {
  const name = checkName(wanted);
  const taken = (await allAgents(session.db)).find((other) => other.name === name);
  if (taken) {
    throw new UserError({
      code: 'NAME_TAKEN',
      exit: exit.refused,
      message: taken.id === row.id ? `It is called '${name}' already.` : `There is an agent called '${name}' already.`,
      hint: `swarm rename ${row.name} ${name}-2`,
    });
  }
  const operation = await beginOperation(session.db, 'rename', row.id, { agent: row.name, name });
  return finishRename(session, row, name, operation);
}

/** The steps of a rename. Each can be run again: a repair calls this for one that was cut short. */
export async function finishRename(
  session: Session,
  row: AgentRow,
  name: string,
  operation: Operation,
): Promise<AgentRow> {
  const before = agentFolder(session.repo, row);
  const after = agentFolder(session.repo, { name });
  await operation.step('folder', async () => {
    if (row.name === name || lstatSync(before, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    renameSync(before, after);
    // The running process knows its folder by the old name, and goes on reporting there.
    symlinkSync(after, before);
  });
  const { promptFile, ...options } = optionsOf(row);
  const moved = promptFile === null ? null : promptFile.replace(before, after);
  const patch = { name, options: JSON.stringify({ ...options, promptFile: moved }) };
  const renamed = await operation.step('record', () => updateAgent(session.db, row.id, patch));
  const pane = (await panesOf(session, [row])).get(row.id);
  if (pane) await session.tmux.renameWindow(pane.window, windowTitle(session, renamed));
  await recordEvent(session.db, name, 'renamed', { from: row.name });
  await operation.finish('done');
  return renamed;
}
