import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Board } from '../../src/board/context.ts';
import { PERSON } from '../../src/board/participants.ts';
import { addTasks, type NamedWish } from '../../src/board/tasks/add.ts';
import { listTasks } from '../../src/board/tasks/read.ts';
import type { Task } from '../../src/board/tasks/types.ts';
import { openSessionDb } from '../../src/store/open.ts';
import { nodeFolder, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';

/** What many processes did to one board, from their own logs. */
export interface Race {
  /** Milliseconds from the first process's start to the last one's end. */
  readonly ms: number;
  /** Lines of all logs, each process's in its order. */
  readonly lines: readonly string[];
  readonly errors: readonly string[];
}

/** Tasks of which each waits for up to three earlier ones, near and far. */
export function tangledTasks(count: number): (NamedWish & { readonly id: string; readonly dependencies: string[] })[] {
  return Array.from({ length: count }, (_, index) => {
    const before = [index - 1 - (index % 7), index - 20, Math.floor(index / 2)];
    const wanted = index % 3 === 0 ? [] : before.slice(0, index % 4);
    const dependencies = [...new Set(wanted.filter((one) => one >= 0 && one < index))].map((one) => `t-${one}`);
    return { id: `t-${index}`, description: `Task ${index}`, priority: 1 + (index % 5), dependencies };
  });
}

export interface BoardRace extends Race {
  readonly tasks: readonly Task[];
  /** `task-claimed t-1`, …, in the order in which the board took them. */
  readonly order: readonly string[];
}

/** So many processes claim and finish so many tasks of one board; the first `kills` are killed in the middle of it. */
export async function raceOnBoard(dir: string, processes: number, count: number, kills = 0): Promise<BoardRace> {
  mkdirSync(dir, { recursive: true });
  const db = await openSessionDb(dir);
  const board: Board = { db, stateDir: dir, lease: 60_000 };
  await addTasks(board, PERSON, tangledTasks(count));
  // What a killed one held comes back in a moment.
  const lease = kills > 0 ? '2000' : '60000';
  const race = await run('claimer.ts', dir, processes, (index, log) => [dir, `w-${index}`, log, lease], kills);
  const tasks = await listTasks(board);
  const events = await db.selectFrom('events').select(['type', 'data']).orderBy('id').execute();
  await db.destroy();
  const order = events.map(({ type, data }) => `${type} ${(JSON.parse(data) as { task?: string }).task ?? ''}`);
  return { ...race, tasks, order };
}

/** The same on one JSON file under a lock, for so many seconds at most. */
export function raceOnJson(dir: string, processes: number, count: number, seconds: number): Promise<Race> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'tasks.json');
  const tasks = tangledTasks(count).map((task) => ({ ...task, status: 'available', claimed_by: null }));
  writeFileSync(file, JSON.stringify({ tasks }));
  return run('json-claimer.ts', dir, processes, (index, log) => [file, `w-${index}`, log, String(seconds)]);
}

async function run(
  fixture: string,
  dir: string,
  processes: number,
  args: (index: number, log: string) => string[],
  kills = 0,
): Promise<Race> {
  const script = fileURLToPath(new URL(`./fixtures/${fixture}`, import.meta.url));
  const begin = performance.now();
  const logs = Array.from({ length: processes }, (_, index) => join(dir, `log-${index}`));
  const running = logs.map((log, index) => {
    writeFileSync(log, '');
    const env = { PATH: process.env['PATH'] ?? '', HOME: dir };
    return start([join(nodeFolder, 'node'), script, ...args(index, log)], { cwd: root, env });
  });
  for (const [index, { child }] of running.slice(0, kills).entries()) {
    await waitFor(() => (linesOf(logs[index] ?? '').length > 10 ? true : null), 'a few tasks', 60_000);
    child.kill('SIGKILL');
  }
  const ends = await Promise.all(running.map(({ result }) => result));
  return {
    ms: performance.now() - begin,
    lines: logs.flatMap(linesOf),
    errors: ends.filter(({ exitCode, signal }) => exitCode !== 0 && signal !== 'SIGKILL').map(({ stderr }) => stderr),
  };
}

const linesOf = (log: string) => readFileSync(log, 'utf8').split('\n').filter(Boolean);
