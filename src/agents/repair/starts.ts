import { rmSync } from 'node:fs';
import { shellWord } from '../../lib/text.ts';
import { startOf } from '../../process/identity.ts';
import type { Operation, RecordedOperation } from '../../store/journal.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { PaneFacts } from '../../tmux/panes.ts';
import { lastDelivery } from '../deliver/records.ts';
import { launchFiles } from '../folders.ts';
import { isRunning } from '../life/stop.ts';
import { observe } from '../observe.ts';
import { agentById, optionsOf, setStatus, updateAgent } from '../records.ts';
import { agentFolder, type Session } from '../session.ts';
import { undoSpawn } from '../spawn/undo.ts';
import type { NotedStart } from '../start.ts';
import type { RepairItem } from './report.ts';

/** An interrupted spawn, adopt, resume or restart. */
export interface InterruptedStart {
  readonly session: Session;
  readonly recorded: RecordedOperation;
  readonly operation: Operation;
}

/** The window is open: it is put on record, with what the start had noted before it. Nothing is typed. */
export async function finishStart(start: InterruptedStart, pane: PaneFacts): Promise<string> {
  const { session, recorded, operation } = start;
  const row = await recordWindow(session, recorded.agentId ?? '', pane, recorded.data['start'] as NotedStart);
  // A program that ended at once may not have come to reading its environment.
  if (pane.dead) dropLaunchFiles(session, row);
  await operation.finish('done');
  return ['its window is open: finished', ...(await promptWords(start, row))].join('; ');
}

/** Puts an open window on the agent's record. `noted`: what is known of its start beyond that. */
export async function recordWindow(
  session: Session,
  agentId: string,
  pane: PaneFacts,
  noted?: NotedStart,
): Promise<AgentRow> {
  const { window: tmux_window, pane: tmux_pane, pid } = pane;
  const before = await agentById(session.db, agentId);
  const known = before !== undefined && before.pid === pid && before.status !== 'paused';
  const placed = await updateAgent(session.db, agentId, {
    tmux_window,
    tmux_pane,
    pid,
    pid_start: await startOf(pid),
    ...(noted && before
      ? {
          conversation: noted.conversation,
          options: JSON.stringify({ ...optionsOf(before), startedAt: noted.at }),
        }
      : {}),
  });
  const opened = { status: 'starting', reason: 'its window is open', source: 'swarm' } as const;
  const row = known ? placed : await setStatus(session.db, placed, opened);
  const [seen] = await observe(session, [row]);
  return seen?.row ?? row;
}

/** What became of the first prompt, if there was one to be sent. */
async function promptWords({ session, recorded }: InterruptedStart, row: AgentRow): Promise<string[]> {
  const delivery = await lastDelivery(session.db, row.id, recorded.createdAt);
  if (delivery?.state === 'delivered') return ['its prompt has arrived'];
  const file = recorded.data['prompt'];
  if (typeof file !== 'string') return [];
  if ((recorded.data['start'] as NotedStart | undefined)?.promptTaken) return ['its prompt went along as an argument'];
  // Of that delivery there is a word of its own.
  if (delivery?.state === 'unknown') return [];
  return [`its prompt was not typed: swarm send ${row.name} -f ${shellWord(file)}`];
}

/** The worktree is made and its prompt kept: nothing of that is thrown away, and nothing is run without being asked. */
export async function keepForRestart({ session, operation }: InterruptedStart, row: AgentRow): Promise<string> {
  dropLaunchFiles(session, row);
  const reason = 'its spawn was interrupted before its window opened';
  await setStatus(session.db, row, { status: 'failed', reason, source: 'swarm' });
  await operation.finish('failed');
  return `its worktree is there, its window is not: swarm restart ${row.name}`;
}

/** Takes back what a spawn or adopt had made; work stays, and keeps its agent. */
export async function undoStart({
  session,
  recorded,
  operation,
}: InterruptedStart): Promise<Omit<RepairItem, 'what'>[]> {
  const { kept, agent } = await undoSpawn(session, recorded);
  await operation.finish(agent === null ? 'undone' : 'failed');
  const how = agent === null ? 'undone' : `its worktree holds work, so the agent stays: swarm restart ${agent}`;
  const stays = agent === null ? kept : [];
  return [
    { state: 'mended', how },
    ...stays.map(({ what, name, reason }) => ({
      state: 'left' as const,
      how: `the ${what} ${name} stays: ${reason}`,
    })),
  ];
}

/** A resume or restart without a window: the agent is as it was before, or ended. */
export async function giveUpStart({ session, recorded, operation }: InterruptedStart, row: AgentRow): Promise<string> {
  const { kind, steps } = recorded;
  dropLaunchFiles(session, row);
  await operation.finish('failed');
  if (await isRunning(row)) return 'nothing was ended yet: it runs as before';
  if (steps.get('hooks')?.state === 'begun') {
    const reason = `its ${kind} was interrupted in post_create`;
    await setStatus(session.db, row, { status: 'failed', reason, source: 'swarm' });
  } else if (steps.has('process')) {
    const reason = 'ended by a restart that was interrupted';
    await setStatus(session.db, row, { status: 'exited', reason, source: 'swarm' });
  }
  return `its window was not open yet: swarm ${kind} ${row.name}`;
}

/** Nobody will read them, and they hold an environment. */
function dropLaunchFiles(session: Session, row: AgentRow): void {
  for (const file of launchFiles(agentFolder(session.repo, row))) rmSync(file, { force: true });
}
