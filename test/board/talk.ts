import { writeFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf } from '../../src/lib/errors.ts';
import { poll } from '../../src/lib/poll.ts';
import type { World } from '../support/make-world.ts';
import { nodeFolder, root, start } from '../support/program.ts';
import { openBoard, stateOf } from './own-board.ts';

/** What one who talked tells at its end. */
export interface Talked {
  readonly name: string;
  /** In the order in which they were taken in first. */
  readonly ids: readonly string[];
  /** Milliseconds from the call that sent each to the wait that gave it. */
  readonly latencies: readonly number[];
  /** Messages that were handed over again, and known by their ids. */
  readonly repeated: number;
  readonly expected: number;
}

export interface TalkOptions {
  readonly talkers: number;
  /** Messages of each. */
  readonly count: number;
  /** Milliseconds between two of them. */
  readonly every: number;
}

export interface Talk {
  readonly messages: number;
  readonly seconds: number;
  readonly latencies: readonly number[];
  readonly repeated: number;
  /** What should not be: messages that were lost, seen twice, or out of order. */
  readonly problems: readonly string[];
}

/** Lets processes of their own talk to each other through the board of the world's session, until all is said and read. */
export async function talk(world: World, { talkers, count, every }: TalkOptions): Promise<Talk> {
  const stateDir = stateOf(world);
  const program = [path(nodeFolder, 'node'), path(root, 'test/board/fixtures/talker.ts')];
  const options = { cwd: world.dir, env: world.env };
  // Made once, rather than by all of them at once.
  await (await openBoard(stateDir)).db.destroy();
  const started = Array.from({ length: talkers }, (_, index) =>
    start([...program, stateDir, ...[index, talkers, count, every].map(String)], options),
  );
  const ready = () => (started.every((one) => one.stdout() !== '') ? true : null);
  if ((await poll(ready, { timeout: 120_000 })) === null)
    throw new Error(`not ready: ${started.map((one) => one.stderr())}`);
  const begin = performance.now();
  writeFileSync(path(stateDir, 'go'), '');
  const ended = await Promise.all(started.map(({ result }) => result));
  const seconds = (performance.now() - begin) / 1000;
  const failed = ended.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr);
  if (failed.length > 0) throw new Error(failed.join('\n'));
  const told = ended.map(({ stdout }) => JSON.parse(stdout.split('\n')[1] ?? '') as Talked);
  return {
    messages: told.reduce((sum, { ids }) => sum + ids.length, 0),
    seconds,
    latencies: told.flatMap(({ latencies }) => latencies),
    repeated: told.reduce((sum, { repeated }) => sum + repeated, 0),
    problems: await problemsOf(stateDir, told, talkers * count),
  };
}

/** The share of all (0.99: p99) that is at most so long. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Holds what was read against what is on the board. */
async function problemsOf(stateDir: string, told: readonly Talked[], total: number): Promise<string[]> {
  const board = await openBoard(stateDir);
  const rows = await board.db.selectFrom('messages').selectAll().orderBy('seq').execute();
  const events = await board.db.selectFrom('events').selectAll().where('type', '=', 'message-seen').execute();
  await board.db.destroy();
  const problems = told.flatMap(({ name, ids, expected }) => {
    const own = rows.filter(({ to_id }) => to_id === `guest:${name}`);
    const ranks = [0, 1, 2].flatMap((rank) => {
      const sent = own.filter((row) => row.rank === rank).map(({ id }) => id);
      const read = ids.filter((id) => sent.includes(id));
      return sent.join() === read.join()
        ? []
        : [`${name} did not read those of rank ${rank} in the order of their coming`];
    });
    return ids.length === expected && own.length === expected
      ? ranks
      : [`${name} read ${ids.length} of ${expected}; ${own.length} are on the board`, ...ranks];
  });
  const unseen = rows.filter(({ state }) => state !== 'seen').length;
  const seen = events.flatMap(({ data }) => (JSON.parse(data) as { ids: string[] }).ids);
  if (rows.length !== total) problems.push(`${rows.length} of ${total} messages are on the board`);
  if (unseen > 0) problems.push(`${unseen} messages were not seen`);
  if (seen.length !== total || new Set(seen).size !== total) problems.push(`${seen.length} times something was seen`);
  return problems;
}

/** Kills the supervisor of the world's session every so many milliseconds, and starts it again, while `work` goes on; answers how often. */
export async function killingSupervisor<T>(
  world: World,
  every: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly kills: number }> {
  const over = new AbortController();
  const kill = async () => {
    let kills = 0;
    while (!over.signal.aborted) {
      const up = await world.swarm(['up', '--json']);
      // A start may meet the end of the one before it: the next one gets through.
      if (up.exitCode !== 0) continue;
      const { supervisor } = up.jsonAs<{ supervisor: { pid: number } }>();
      await delay(every, undefined, { signal: over.signal }).catch(() => {});
      if (killed(supervisor.pid)) kills += 1;
    }
    return kills;
  };
  const killing = kill();
  const result = await work().finally(() => over.abort());
  return { result, kills: await killing };
}

/** False for one that had gone already: a start may tell of the one that it replaces. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
    throw error;
  }
}
