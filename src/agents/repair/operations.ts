import { endProcesses } from '../../process/end.ts';
import { processesWithEnv, startOf } from '../../process/identity.ts';
import { interruptedOperations, type Operation, type RecordedOperation, takeOver } from '../../store/journal.ts';
import type { AgentRow, RemovedRow } from '../../store/schema.ts';
import { finishPause } from '../life/pause.ts';
import { finishRemove } from '../life/remove.ts';
import { finishRename } from '../life/rename.ts';
import { finishRestore } from '../life/restore.ts';
import { observe } from '../observe.ts';
import { agentById, recordEvent, setStatus, updateAgent } from '../records.ts';
import type { Session } from '../session.ts';
import { undoSpawn } from '../spawn/undo.ts';
import type { RepairItem } from './report.ts';

/** Finishes or undoes every operation whose swarm was killed. With `dryRun` only says what there is. */
export async function repairOperations(session: Session, dryRun: boolean): Promise<RepairItem[]> {
  const items: RepairItem[] = [];
  for (const recorded of await interruptedOperations(session.db)) {
    const what = `${recorded.kind} of ${await nameOf(session, recorded)}`;
    if (dryRun) {
      items.push({ what, state: 'left', how: 'was interrupted' });
      continue;
    }
    // git and hooks outlive the swarm that started them, and would go on writing under the repair.
    await endProcesses(await processesWithEnv('SWARM_OP', recorded.id));
    const operation = await takeOver(session.db, recorded.id);
    if (operation !== null) items.push({ what, ...(await settle(session, recorded, operation)) });
  }
  return items;
}

type Settled = Omit<RepairItem, 'what'>;

async function settle(session: Session, recorded: RecordedOperation, operation: Operation): Promise<Settled> {
  const row = recorded.agentId === null ? undefined : await agentById(session.db, recorded.agentId);
  switch (recorded.kind) {
    case 'pause':
      if (row) await finishPause(session, row.id, operation);
      break;
    case 'rm':
      // Ending the process is where a removal may still be refused.
      if (!recorded.steps.has('end')) return undecidedRemoval(session, operation, row);
      await finishRemove(session, recorded, operation);
      break;
    case 'restore':
      await finishRestore(session, recorded.data['removed'] as RemovedRow, operation);
      break;
    case 'rename':
      if (row) await finishRename(session, row, String(recorded.data['name']), operation);
      break;
    default:
      return settleStart(session, recorded, operation, row);
  }
  await operation.finish('done');
  return { state: 'mended', how: 'finished' };
}

/** Killed before the last look at what would be lost: the agent stays, and may be removed again. */
async function undecidedRemoval(session: Session, operation: Operation, row: AgentRow | undefined): Promise<Settled> {
  if (row) await observe(session, [row]);
  await operation.finish('undone');
  return { state: 'mended', how: 'nothing was removed yet: run it again' };
}

/** spawn, adopt, resume, restart: with a window it is finished, without one undone. */
async function settleStart(
  session: Session,
  recorded: RecordedOperation,
  operation: Operation,
  row: AgentRow | undefined,
): Promise<Settled> {
  const pane = (await session.tmux.listAgentPanes()).find(({ agentId }) => agentId === recorded.agentId);
  if (row && pane) {
    const { window: tmux_window, pane: tmux_pane, pid } = pane;
    const placed = await updateAgent(session.db, row.id, {
      tmux_window,
      tmux_pane,
      pid,
      pid_start: await startOf(pid),
    });
    await observe(session, [placed]);
    await operation.finish('done');
    const prompt = recorded.steps.has('prompt')
      ? '; whether its prompt arrived is unknown'
      : '; its prompt was not sent';
    return { state: 'mended', how: `its window is open: finished${recorded.kind === 'spawn' ? prompt : ''}` };
  }
  if (recorded.kind === 'spawn' || recorded.kind === 'adopt') {
    const kept = await undoSpawn(session, recorded);
    await operation.finish('undone');
    const left = kept.map(({ what, name, reason }) => `the ${what} ${name} stays: ${reason}`);
    return { state: 'mended', how: ['undone', ...left].join('; ') };
  }
  if (row) {
    await setStatus(session.db, row, { status: 'exited', reason: `${recorded.kind} was interrupted`, source: 'swarm' });
    await recordEvent(session.db, row.name, 'repaired', { kind: recorded.kind });
  }
  await operation.finish('failed');
  return { state: 'mended', how: 'its window was not open yet: run it again' };
}

async function nameOf(session: Session, { agentId, data }: RecordedOperation): Promise<string> {
  const row = agentId === null ? undefined : await agentById(session.db, agentId);
  return row?.name ?? String(data['agent'] ?? data['ticket'] ?? 'an agent that is gone');
}
