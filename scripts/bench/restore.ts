import { setTimeout as delay } from 'node:timers/promises';
import { makeWorld, type World } from '../../test/support/make-world.ts';
import { type Row, told } from './measure.ts';

const ROUNDS = 3;

/**
 * What `swarm up` takes to bring a team back after the tmux server died: until every agent's window is open again. With
 * agents that start at once, for what it costs by itself; with scripted ones, fifty programs start beside it.
 */
export async function benchRestore(): Promise<Row[]> {
  const rows = [await restore(20, 'scripted', 10_000), await restore(50, 'shell', 5000)];
  return [...rows, told(await restore(50, 'scripted', 5000))];
}

async function restore(agents: number, cli: string, most: number): Promise<Row> {
  const world = await makeWorld();
  try {
    const tickets = Array.from({ length: agents }, (_, index) => `ticket-${index + 1}`);
    await ended(world, ['spawn', ...tickets, '--agent', cli, '--no-wait', '--json']);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await world.tmux(['kill-server']);
      // What the server held is gone when its processes are.
      await delay(500);
      const begin = performance.now();
      const { stdout } = await ended(world, ['up', '--json']);
      times.push(performance.now() - begin);
      const { restored } = JSON.parse(stdout) as { restored: unknown[] };
      if (restored.length !== agents) throw new Error(`${restored.length} of ${agents} came back`);
    }
    const ms = times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
    return {
      what: `restore ${agents} ${cli} agents after the tmux server died`,
      measured: `${(ms / 1000).toFixed(1)} s`,
      limit: `${most / 1000} s`,
      ok: ms <= most,
    };
  } finally {
    await world.swarm(['down']);
    await world.dispose();
  }
}

async function ended(world: World, words: readonly string[]): Promise<{ readonly stdout: string }> {
  const result = await world.swarm(words);
  if (result.exitCode !== 0) throw new Error(`swarm ${words[0]} ended with ${result.exitCode}: ${result.stderr}`);
  return result;
}
