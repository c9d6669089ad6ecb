import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raceOnBoard, raceOnJson } from '../../test/board/race.ts';
import type { Row } from './measure.ts';

const PROCESSES = 50;
const TASKS = 5000;
/** Seconds that the JSON file gets: to its end it would take many minutes. */
const JSON_SECONDS = 20;

/** Claiming and finishing tasks from many processes at once, beside the same on one JSON file under a lock. */
export async function benchBoard(): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'swarm-bench-'));
  try {
    const board = await raceOnBoard(join(dir, 'board'), PROCESSES, TASKS);
    const json = await raceOnJson(join(dir, 'json'), PROCESSES, TASKS, JSON_SECONDS);
    const done = board.tasks.filter(({ status, attempt }) => status === 'done' && attempt === 1).length;
    const rate = (count: number, ms: number) => (count / ms) * 1000;
    const [ours, theirs] = [rate(done, board.ms), rate(json.lines.length, json.ms)];
    return [
      {
        what: `${PROCESSES} processes claim and finish ${TASKS} tasks: done, each once`,
        measured: `${done}${board.errors.length > 0 ? `, ${board.errors.length} failed` : ''}`,
        limit: String(TASKS),
        ok: done === TASKS && board.errors.length === 0,
      },
      {
        what: 'tasks a second, against JSON under a lock file',
        measured: `${ours.toFixed(0)} : ${theirs.toFixed(0)}`,
        limit: 'faster',
        ok: ours > theirs,
      },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
