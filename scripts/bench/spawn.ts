import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../../src/lib/poll.ts';
import { controlledTmux } from '../../src/tmux/tmux.ts';
import { makeWorld, type World } from '../../test/support/make-world.ts';
import { entry, nodeFolder } from '../../test/support/program.ts';
import { call, measure, type Row, ratioRow, type Subject, timeRow } from './measure.ts';

/** Files of the repository where one agent is made, and of the one where ten are. */
const FILES = 10_000;
const FILES_OF_TEN = 1000;
const ROUNDS = 5;
/** Ten agents a round, and a session holds 50. */
const ROUNDS_OF_TEN = 3;
const node = join(nodeFolder, 'node');

/** Making agents against `git worktree add` and `tmux new-window` by hand, in a large repository. */
export async function benchSpawn(): Promise<Row[]> {
  const one = await inWorld(FILES, (world) =>
    measure(
      { base: () => call([node, '-e', '0'], optionsOf(world)), hand: byHand(world, 1), swarm: bySwarm(world, [1]) },
      ROUNDS,
    ),
  );
  const ready = await inWorld(0, async (world) => {
    const { socket, env } = world;
    const screens = controlledTmux({ socket, env: { ...env } }, async () => '=by-hand');
    return measure({ scripted: () => spawnReady(world, screens) }, ROUNDS).finally(screens.close);
  });
  const ten = await inWorld(FILES_OF_TEN, (world) =>
    measure({ hand: byHand(world, 10), swarm: bySwarm(world, [10]) }, ROUNDS_OF_TEN),
  );
  const ones = Array.from({ length: 10 }, () => 1);
  const each = await inWorld(FILES_OF_TEN, (world) =>
    measure({ hand: byHand(world, 10), swarm: bySwarm(world, ones) }, ROUNDS_OF_TEN),
  );
  return [
    timeRow(`swarm spawn, ${FILES} files`, one.swarm, one.hand + 8 * one.base, 'by hand + 8 × base'),
    timeRow('spawn to ready, scripted agent', ready.scripted, 500),
    ratioRow('ten tickets in one swarm spawn', ten.swarm, ten.hand, 1.15, 'by hand in parallel'),
    ratioRow('ten swarm spawn at once', each.swarm, each.hand, 1.7, 'by hand in parallel'),
  ];
}

/** Each measurement has a world of its own: nothing that an earlier one made slows a later one. */
async function inWorld<T>(files: number, work: (world: World) => Promise<T>): Promise<T> {
  const world = await worldOf(files);
  const result = await work(world).catch(async (error: unknown) => {
    // What went wrong first is the news, not what it left behind.
    await world.dispose().catch(() => {});
    throw error;
  });
  await world.dispose();
  return result;
}

async function worldOf(files: number): Promise<World> {
  const names = Array.from({ length: files }, (_, index) => `src/d${index % 100}/f${index}.txt`);
  const world = await makeWorld({ files: Object.fromEntries(names.map((name) => [name, `${name}\n`])) });
  mkdirSync(join(world.dir, 'by-hand'));
  await world.tmux(['new-session', '-d', '-s', 'by-hand']);
  return world;
}

const optionsOf = (world: World) => ({ cwd: world.repo, env: world.env });

let made = 0;

type Screens = ReturnType<typeof controlledTmux>;

/** `count` worktrees with a window each, all at the same time. */
function byHand(world: World, count: number): Subject {
  const one = async () => {
    const name = `hand-${++made}`;
    const path = join(world.dir, 'by-hand', name);
    await addByHand(world, name, path);
    await call(['tmux', '-L', world.socket, 'new-window', '-t', 'by-hand', '-c', path, '-n', name], optionsOf(world));
  };
  return async () => {
    await Promise.all(Array.from({ length: count }, one));
  };
}

/** git's own race: two at once may each read what the other has half written. Whoever does it by hand repeats it. */
async function addByHand(world: World, name: string, path: string): Promise<void> {
  const again = ['git', 'worktree', 'add', '-f', '-B', name, path];
  for (let words = ['git', 'worktree', 'add', '-b', name, path], left = 5; ; words = again, left--) {
    const error = await call(words, optionsOf(world)).catch((thrown: unknown) => thrown ?? 'failed');
    if (error === undefined) return;
    if (left === 0) throw error;
  }
}

/** Calls of `swarm spawn` at the same time, each with so many tickets. */
function bySwarm(world: World, calls: readonly number[]): Subject {
  const one = (count: number) => {
    const tickets = Array.from({ length: count }, () => `ticket-${++made}`);
    const argv = [node, entry, 'spawn', ...tickets, '--agent', 'shell', '--no-hooks', '--no-wait', '--json'];
    return call(argv, optionsOf(world));
  };
  return async () => {
    await Promise.all(calls.map(one));
  };
}

/** From the call to an agent that shows its input box, and the answer that says where it is. */
async function spawnReady(world: World, screens: Screens): Promise<void> {
  const ticket = `ticket-${++made}`;
  const spawned = call([node, entry, 'spawn', ticket, '--agent', 'scripted', '--json'], optionsOf(world));
  const shown = async () => {
    const panes = await screens.run(['list-panes', '-a', '-F', '#{pane_id} #{window_name}']);
    const pane = panes
      .split('\n')
      .find((line) => line.endsWith(` ${ticket}`))
      ?.split(' ')[0];
    return pane !== undefined && (await screens.capture(pane)).includes('Type your prompt') ? true : null;
  };
  const ready = await poll(shown, { timeout: 30_000, every: 5 });
  await spawned;
  if (ready === null) throw new Error(`the agent of ${ticket} did not get ready`);
}
