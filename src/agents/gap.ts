import { statSync } from 'node:fs';
import { log } from '../lib/log.ts';
import { startOf } from '../process/identity.ts';
import type { Recovered } from '../store/recovery.ts';
import type { AgentRow } from '../store/schema.ts';
import { agentFolder, spoolOf } from './agent-folder.ts';
import { newestEvents } from './events.ts';
import { namesWithFolder } from './folders.ts';
import { allAgents, recordEvent, setStatus, updateAgent } from './records.ts';
import type { Session } from './session.ts';
import { restoreToken } from './token.ts';

/** What happened between a backup and its return, as far as anything but the lost database knows. */
interface Gap {
  /** Names whose folders are there, and that nobody in the team has: spawned since. */
  readonly unknown: readonly string[];
  /** Agents of the team whose folders are gone: removed since. */
  readonly gone: readonly string[];
  /** How often each agent's own hooks have reported since. */
  readonly reported: Readonly<Record<string, number>>;
  /** Agents whose process is another one than the backup knows: they go on as that. */
  readonly readopted: readonly string[];
}

/** Says what a restored database does not know, and makes right in it what can be seen. */
export async function closeGap(session: Session, { backup, kept }: Recovered): Promise<void> {
  const rows = await allAgents(session.db);
  const folders = namesWithFolder(session.repo);
  const gap: Gap = {
    unknown: folders.filter((name) => rows.every((row) => row.name !== name)),
    gone: rows.map(({ name }) => name).filter((name) => !isFolder(agentFolder(session.repo, { name }))),
    reported: await reportedSince(session, rows, backup.at),
    readopted: await readopt(session, rows),
  };
  await recordEvent(session.db, null, 'database-gap', { since: backup.at, kept, ...gap });
  for (const line of words(gap)) log('warn', line);
}

async function reportedSince(
  session: Session,
  rows: readonly AgentRow[],
  since: string,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    let count = 0;
    for await (const _ of newestEvents(spoolOf(session.repo, row), since)) count++;
    if (count > 0) counts[row.name] = count;
  }
  return counts;
}

/** Windows carry their agent's id: one that was started since runs as another process than the backup knows, by another token. */
async function readopt(session: Session, rows: readonly AgentRow[]): Promise<string[]> {
  const panes = await session.tmux.listAgentPanes().catch(() => []);
  const found: string[] = [];
  for (const row of rows) {
    const pane = panes.find(({ agentId, dead }) => agentId === row.id && !dead);
    if (pane === undefined) continue;
    await restoreToken(session, row);
    if (pane.pid === row.pid) continue;
    const placed = await updateAgent(session.db, row.id, {
      tmux_window: pane.window,
      tmux_pane: pane.pane,
      pid: pane.pid,
      pid_start: await startOf(pane.pid),
    });
    await setStatus(session.db, placed, {
      status: 'unknown',
      reason: 'found running after a backup came back',
      source: 'swarm',
    });
    found.push(row.name);
  }
  return found;
}

function words({ unknown, gone, reported, readopted }: Gap): string[] {
  const list = (names: readonly string[]) => names.join(', ');
  const counts = Object.entries(reported).map(([name, count]) => `${name} ${count}`);
  return [
    ...(unknown.length === 0 ? [] : [`spawned since, and not in the team now: ${list(unknown)}; see: swarm repair`]),
    ...(gone.length === 0 ? [] : [`removed since, and in the team again: ${list(gone)}; see: swarm rm`]),
    ...(readopted.length === 0 ? [] : [`started again since, and taken over as they run: ${list(readopted)}`]),
    ...(counts.length === 0 ? [] : [`events that agents reported since: ${list(counts)}`]),
  ];
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
