import { oneLine } from '../../lib/text.ts';
import type { Board } from '../context.ts';
import { SWARM } from '../participants.ts';
import { listParticipants } from '../roster.ts';
import { FILES } from './actor.ts';
import type { Folder } from './folder.ts';
import type { Memory } from './memory.ts';

/** What of the history concerns the board. */
const TYPES = /^(?:task-|message|question|answer|memory|joined|plan|file-)/;
/** Lines that are written at a look; the rest at the next. */
const MOST = 2000;
/** Characters of a line's words. */
const WORDS = 300;

/** Adds what has happened since to `logs/NAME.log`; what the person and leaders do to `logs/leader.log`. @returns whether there is more. */
export async function writeLogs(board: Board, folder: Folder, memory: Memory): Promise<boolean> {
  const rows = await board.db
    .selectFrom('events')
    .selectAll()
    .where('id', '>', memory.known.event)
    .orderBy('id')
    .limit(MOST)
    .execute();
  if (rows.length === 0) return false;
  const leaders = new Set((await listParticipants(board)).filter(({ leads }) => leads).map(({ name }) => name));
  const logs = new Map<string, string>();
  for (const { at, agent, type, data } of rows.filter((row) => TYPES.test(row.type))) {
    const leads = agent === null || [FILES.name, SWARM.name].includes(agent) || leaders.has(agent);
    const name = leads ? 'leader' : agent.replaceAll('/', '_');
    const who = name === 'leader' && agent !== null ? `${agent} ` : '';
    logs.set(name, `${logs.get(name) ?? ''}${at} ${who}${type}${wordsOf(JSON.parse(data))}\n`);
  }
  // Noted before they are written: a line may be missing after a power cut, and none is there twice.
  memory.known.event = rows.at(-1)?.id ?? memory.known.event;
  memory.save();
  for (const [name, text] of logs) folder.append(`logs/${name}.log`, text);
  return rows.length === MOST;
}

function wordsOf(data: Readonly<Record<string, unknown>>): string {
  const shown = ['task', 'to', 'edit', 'reason', 'summary', 'description', 'goal', 'text', 'file'].flatMap((key) => {
    const value = data[key];
    if (value === undefined || value === null) return [];
    return [typeof value === 'string' ? value : JSON.stringify(value)];
  });
  return shown.length === 0 ? '' : ` ${oneLine(shown.join(' '), WORDS)}`;
}
