import { join } from 'node:path';
import { poll } from '../../src/lib/poll.ts';
import { makeWorld, type World } from '../../test/support/make-world.ts';
import { entry, nodeFolder } from '../../test/support/program.ts';
import { call, measure, type Row, ratioRow, told } from './measure.ts';

const ROUNDS = 15;
const AGENTS = 50;
const node = join(nodeFolder, 'node');

/** `swarm ls --json` of a full team, the whole process. */
export async function benchTeam(): Promise<Row[]> {
  const world = await makeWorld();
  try {
    const options = { cwd: world.repo, env: world.env };
    const tickets = Array.from({ length: AGENTS }, (_, index) => `ticket-${index + 1}`);
    await call([node, entry, 'spawn', ...tickets, '--agent', 'shell', '--no-wait', '--json'], options);
    await call([node, entry, 'up', '--json'], options);
    await supervised(world);
    const ms = await measure(
      {
        base: () => call([node, '-e', '0'], options),
        ls: () => call([node, entry, 'ls', '--json'], options),
        fresh: () => call([node, entry, 'ls', '--json', '--fresh'], options),
      },
      ROUNDS,
    );
    return [
      ratioRow(`swarm ls --json, ${AGENTS} agents, with a supervisor`, ms.ls, ms.base, 4, 'base'),
      told(ratioRow(`the same with --fresh`, ms.fresh, ms.base, 0, 'base')),
    ];
  } finally {
    await world.swarm(['down']);
    await world.dispose();
  }
}

/** Waits until two answers in a row are the same reading: what is shown was known before it was asked for. */
async function supervised(world: World): Promise<void> {
  const read = async () => {
    const { agents } = (await world.swarm(['ls', '--json'])).jsonAs<{ agents: { git: { at: string } | null }[] }>();
    return JSON.stringify(agents.map(({ git }) => git?.at ?? null));
  };
  const same = async () => {
    const [one, two] = [await read(), await read()];
    return one === two ? true : null;
  };
  if ((await poll(same, { timeout: 60_000, every: 500 })) === null)
    throw new Error('the supervisor keeps nothing fresh');
}
