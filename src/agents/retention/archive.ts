import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loggedUpTo } from '../../board/mirror/memory.ts';
import { crashPoint } from '../../lib/crash.ts';
import { errnoOf } from '../../lib/errors.ts';
import type { Session } from '../session.ts';

/**
 * Events by which the program itself knows later what was: what the gate said of an agent, who was picked, which question
 * a rule has answered. They stay for as long as their agent does.
 */
const READ_BACK = ['gate', 'merge', 'picked', 'approved-by-rule'];

/**
 * Moves events of before that time (ISO 8601) into `logs/events-YYYY-MM.jsonl`, as `swarm log --json` shows them; `most` at
 * a time. Those of tasks stay with the tasks, and what the board's files have still to tell. They are on disk there before
 * they are deleted: after a crash in between some are in the archive twice, with the same id, and none is lost.
 * @returns how many.
 */
export async function archiveEvents(session: Session, before: string, most: number): Promise<number> {
  const { db, repo, config } = session;
  const told = loggedUpTo(repo.stateDir);
  const old = db
    .selectFrom('events')
    .selectAll()
    .where('at', '<', before)
    .where('type', 'not like', 'task-%')
    // They tell by which names somebody has gone whom the tasks' history knows.
    .where('type', '!=', 'renamed')
    .where((eb) =>
      eb.or([
        eb('type', 'not in', READ_BACK),
        eb.not(eb.exists(eb.selectFrom('agents').select('agents.id').whereRef('agents.name', '=', 'events.agent'))),
      ]),
    )
    // What a file said is remembered until that file was seen to be gone.
    .where((eb) => eb.or([eb('type', '!=', 'file-message'), eb('id', '<=', told)]));
  const rows = await (config.supervisor.mirror === null ? old : old.where('id', '<=', told))
    .orderBy('id')
    .limit(most)
    .execute();
  if (rows.length === 0) return 0;
  const months = Object.groupBy(rows, ({ at }) => at.slice(0, 7));
  for (const [month, some = []] of Object.entries(months)) {
    const lines = some.map(({ data, ...event }) => `${JSON.stringify({ ...event, data: JSON.parse(data) })}\n`);
    append(join(archiveFolder(session), `events-${month}.jsonl`), lines.join(''));
  }
  crashPoint('archive:events:written');
  const ids = rows.map(({ id }) => id);
  await db.deleteFrom('events').where('id', 'in', ids).execute();
  return rows.length;
}

/** Files with the events of earlier months, the oldest first. */
export function archivedEvents(session: Pick<Session, 'repo'>): string[] {
  try {
    const names = readdirSync(archiveFolder(session)).filter((name) => /^events-\d{4}-\d\d\.jsonl$/.test(name));
    return names.sort().map((name) => join(archiveFolder(session), name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

const archiveFolder = ({ repo }: Pick<Session, 'repo'>): string => join(repo.stateDir, 'logs');

function append(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const handle = openSync(file, 'a', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
