import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { git } from '../../src/git/git.ts';
import { predictMerge } from '../../src/git/merge-tree.ts';
import { poll } from '../../src/lib/poll.ts';
import { makeBranches } from '../../test/merge/history.ts';
import { realMerge } from '../../test/merge/real-merge.ts';
import { makeWorld, type World } from '../../test/support/make-world.ts';
import { entry, nodeFolder } from '../../test/support/program.ts';
import { call, type Row, toldRow } from './measure.ts';
import { countCalls, cpuShare } from './usage.ts';

const BRANCHES = 30;
const PAIRED = 40;
/** Milliseconds over which the supervisor's cost is taken. */
const SPAN = 20_000;
const REST = 10_000;
/** Share of one core that keeping the collisions of 30 branches fresh may cost, while one of them commits every second. */
const SHARE = 0.25;

/** Collisions: that all predictions are right, and what it costs to keep them fresh. */
export async function benchConflicts(): Promise<Row[]> {
  return [await inWorld(predictions), ...(await inWorld(freshness))];
}

/** Every two of 40 branches, both ways, as a real merge then does it. */
async function predictions(world: World): Promise<Row> {
  const dir = join(world.home, 'history');
  const names = await makeBranches(dir, PAIRED);
  const repo = git(dir);
  const here = join(world.home, 'merging');
  await repo.run(['worktree', 'add', '--detach', '--quiet', here, 'main']);
  const oids = await Promise.all(names.map(async (name) => (await repo.run(['rev-parse', name])).trim()));
  let [wrong, took] = [0, 0];
  for (const ours of oids) {
    for (const theirs of oids) {
      const begin = performance.now();
      const predicted = JSON.stringify(await predictMerge(repo, ours, theirs));
      took += performance.now() - begin;
      const real = JSON.stringify(await realMerge(here, ours, theirs));
      if (predicted === real) continue;
      wrong++;
      process.stderr.write(`${ours} and ${theirs}: ${predicted}, and in fact ${real}\n`);
    }
  }
  const pairs = PAIRED * PAIRED;
  return {
    what: `merges predicted as they then are, ${pairs.toLocaleString('en')} ordered pairs of ${PAIRED} branches`,
    measured: `${pairs - wrong} right, ${(took / pairs).toFixed(1)} ms each`,
    limit: 'all',
    ok: wrong === 0,
  };
}

/** The supervisor's share of a core and its processes, at rest and while one of the branches commits every second. */
async function freshness(world: World): Promise<Row[]> {
  const options = { cwd: world.repo, env: world.env };
  const swarm = (...words: string[]) => call([join(nodeFolder, 'node'), entry, ...words], options);
  await swarm(
    'spawn',
    ...Array.from({ length: BRANCHES }, (_, n) => `t-${n}`),
    '--agent',
    'shell',
    '--no-wait',
    '--json',
  );
  const worktree = (n: number) => join(world.dir, 'app.worktrees', `worker-${n + 1}`);
  const change = async (n: number, text: string) => {
    writeFileSync(join(worktree(n), 'shared.txt'), text);
    writeFileSync(join(worktree(n), `own-${n}.txt`), text);
    await git(worktree(n)).run(['add', '--all']);
    await git(worktree(n)).run(['commit', '--quiet', '--no-verify', '-m', text.trim()]);
  };
  // Each fifth one is in the others' way.
  for (let n = 0; n < BRANCHES; n += 5) await change(n, `of ${n}\n`);
  try {
    const calls = countCalls(world);
    const up = (await world.swarm(['up', '--json'])).jsonAs<{ supervisor: { pid: number } }>();
    const { pid } = up.supervisor;
    const expected = (BRANCHES / 5) * (BRANCHES / 5 - 1) * 0.5;
    const known = async () =>
      (await world.swarm(['ls', '--json'])).jsonAs<{ conflicts: unknown[] | null }>().conflicts?.length === expected
        ? true
        : null;
    if ((await poll(known, { timeout: 60_000, every: 500 })) === null) throw new Error('the collisions are not known');
    // Until all that came with the start has come to rest.
    await delay(REST);
    const rest = await costOf(pid, calls);
    let over = false;
    const committing = (async () => {
      for (let n = 1; !over; n++) {
        await change(0, `change ${n}\n`);
        await delay(1000);
      }
    })();
    const busy = await costOf(pid, calls);
    over = true;
    await committing;
    const words = ({ share, processes }: Cost) =>
      `${(share * 100).toFixed(0)}% of a core, ${processes.toFixed(1)} processes/s of git and tmux`;
    const what = `collisions of ${BRANCHES} branches kept fresh`;
    return [
      toldRow(`${what}, nothing changes`, words(rest)),
      {
        what: `${what}, one commits every second`,
        measured: words(busy),
        limit: `${SHARE * 100}% of a core`,
        ok: busy.share <= SHARE,
      },
    ];
  } finally {
    await world.swarm(['down']);
  }
}

interface Cost {
  readonly share: number;
  readonly processes: number;
}

async function costOf(pid: number, calls: () => number): Promise<Cost> {
  const [begun, begin] = [calls(), performance.now()];
  const [share = Number.NaN] = await cpuShare([pid], SPAN);
  return { share, processes: ((calls() - begun) * 1000) / (performance.now() - begin) };
}

async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const world = await makeWorld();
  try {
    return await work(world);
  } finally {
    await world.dispose();
  }
}
