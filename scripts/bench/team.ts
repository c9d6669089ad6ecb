import { join } from 'node:path';
import { makeWorld } from '../../test/support/make-world.ts';
import { entry, nodeFolder } from '../../test/support/program.ts';
import { call, measure, type Row, ratioRow } from './measure.ts';

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
    const ms = await measure(
      {
        base: () => call([node, '-e', '0'], options),
        ls: () => call([node, entry, 'ls', '--json'], options),
      },
      ROUNDS,
    );
    return [ratioRow(`swarm ls --json, ${AGENTS} agents`, ms.ls, ms.base, 4, 'base')];
  } finally {
    await world.dispose();
  }
}
