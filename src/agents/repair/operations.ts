import { messageOf, UserError } from '../../lib/errors.ts';
import { type Operation, type RecordedOperation, readOperation, takeOver } from '../../store/journal.ts';
import { interruptedOperations } from '../../store/recorded.ts';
import type { AgentRow, RemovedRow } from '../../store/schema.ts';
import { finishPause } from '../life/pause.ts';
import { finishRemove } from '../life/remove.ts';
import { finishRename, type Renaming } from '../life/rename.ts';
import { finishRestore } from '../life/restore.ts';
import { holdTurn } from '../life/turn.ts';
import { observe } from '../observe.ts';
import { agentById, recordEvent } from '../records.ts';
import type { Session } from '../session.ts';
import { endOperation } from './leftovers.ts';
import { settleMerge } from './merges.ts';
import type { RepairItem } from './report.ts';
import { finishStart, giveUpStart, keepForRestart, undoStart } from './starts.ts';
import { FORECAST, judge } from './verdict.ts';

/**
 * Finishes or undoes every operation whose swarm was killed; `wanted` narrows them. What a living swarm is at, another
 * repair too, is left alone. With `dryRun` only says what there is.
 */
export async function repairOperations(
  session: Session,
  dryRun: boolean,
  wanted: (recorded: RecordedOperation) => boolean = () => true,
): Promise<RepairItem[]> {
  const items: RepairItem[] = [];
  const open = (await interruptedOperations(session.db)).filter(wanted);
  // A merge is the only one that has another in it, a removal: it goes on from the end of that.
  for (const recorded of [...open.filter(({ kind }) => kind !== 'merge'), ...open.filter(isMerge)]) {
    const row = await agentOf(session, recorded);
    const what = `${recorded.kind} of ${row?.name ?? nameIn(recorded)}`;
    if (dryRun) {
      const verdict = await judge(session, recorded, row);
      items.push({ what, state: 'found', how: FORECAST[verdict.as] });
      continue;
    }
    items.push(...(await settleInTurn(session, recorded)).map((item) => ({ what, ...item })));
  }
  return items;
}

/** Nobody else may start, end or remove the agent meanwhile. Nothing is left to tell where another repair was quicker. */
async function settleInTurn(session: Session, recorded: RecordedOperation): Promise<Settled[]> {
  const { id, agentId } = recorded;
  const work = async () => {
    const operation = await takeOver(session.db, id);
    return operation === null ? [] : settle(session, operation);
  };
  if (agentId === null) return work();
  try {
    return await holdTurn(session, { id: agentId, name: nameIn(recorded) }, work);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'AGENT_BUSY') throw error;
    // Another repair that takes its time answers for it.
    const open = await interruptedOperations(session.db, agentId);
    return open.some((one) => one.id === id) ? [{ state: 'left', how: error.message }] : [];
  }
}

type Settled = Omit<RepairItem, 'what'>;

/** What can't be settled is left, with the reason; the next repair tries again. */
async function settle(session: Session, operation: Operation): Promise<Settled[]> {
  try {
    await endOperation(operation.id);
    // As it stands now: another repair may have come some way.
    const recorded = await readOperation(session.db, operation.id);
    const row = await agentOf(session, recorded);
    const settled = await settleRecorded(session, recorded, operation, row);
    await recordEvent(session.db, row?.name ?? null, 'repaired', { kind: recorded.kind, settled });
    return settled;
  } catch (error) {
    const hint = error instanceof UserError && error.hint !== null ? ` (${error.hint})` : '';
    return [{ state: 'left', how: `${messageOf(error)}${hint}` }];
  }
}

async function settleRecorded(
  session: Session,
  recorded: RecordedOperation,
  operation: Operation,
  row: AgentRow | undefined,
): Promise<Settled[]> {
  if (isMerge(recorded)) return [mended(await settleMerge(session, recorded, operation, nameIn(recorded)))];
  const verdict = await judge(session, recorded, row);
  const start = { session, recorded, operation };
  switch (verdict.as) {
    case 'finish':
      return [mended(await finish(session, recorded, operation, row))];
    case 'opened':
      return [mended(await finishStart(start, verdict.pane))];
    case 'ready':
      return [mended(await keepForRestart(start, verdict.row))];
    case 'undo':
      return undoStart(start);
    case 'give-up':
      if (recorded.kind !== 'rm' && row) return [mended(await giveUpStart(start, row))];
      if (row) await observe(session, [row]);
      await operation.finish('undone');
      return [mended(row ? `nothing was removed yet: swarm rm ${row.name}` : 'its agent is gone: nothing to do')];
  }
}

const isMerge = ({ kind }: RecordedOperation): boolean => kind === 'merge';

const mended = (how: string): Settled => ({ state: 'mended', how });

async function finish(
  session: Session,
  recorded: RecordedOperation,
  operation: Operation,
  row: AgentRow | undefined,
): Promise<string> {
  let how = 'finished';
  if (recorded.kind === 'rm') {
    await finishRemove(session, recorded, operation);
    const skipped = session.config.hooks.postRemove.length > 0 && recorded.steps.get('post_remove')?.state !== 'done';
    if (skipped) how = 'finished; hooks.post_remove was not run to its end, and is not run again';
  }
  if (recorded.kind === 'restore') await finishRestore(session, recorded.data['removed'] as RemovedRow, operation);
  if (recorded.kind === 'pause' && row) await finishPause(session, row.id, operation);
  if (recorded.kind === 'rename' && row) {
    await finishRename(session, row, recorded.data as unknown as Renaming, operation);
  }
  await operation.finish('done');
  return how;
}

async function agentOf(session: Session, { agentId }: RecordedOperation): Promise<AgentRow | undefined> {
  return agentId === null ? undefined : agentById(session.db, agentId);
}

function nameIn({ data }: RecordedOperation): string {
  return String(data['agent'] ?? data['ticket'] ?? 'an agent that is gone');
}
