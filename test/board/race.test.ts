import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useWorld } from '../support/world.ts';
import { type BoardRace, raceOnBoard, tangledTasks } from './race.ts';

const world = useWorld();
const PROCESSES = 12;
const COUNT = 300;

/** Every task done once, and none claimed before what it waits for was done. */
function expectSound({ tasks, order, errors }: BoardRace): void {
  expect(errors).toEqual([]);
  expect(tasks.filter(({ status }) => status !== 'done')).toEqual([]);
  expect(order.filter((line) => line.startsWith('task-done ')).toSorted()).toEqual(
    tangledTasks(COUNT)
      .map(({ id }) => `task-done ${id}`)
      .toSorted(),
  );
  const claimed = new Map(order.map((line, at) => [line, at] as const).toReversed());
  const early = tangledTasks(COUNT).flatMap(({ id, dependencies }) =>
    dependencies.filter((on) => order.indexOf(`task-done ${on}`) > (claimed.get(`task-claimed ${id}`) ?? -1)),
  );
  expect(early).toEqual([]);
}

describe('many processes on one board', () => {
  it('claim at once: none twice, none before its dependencies, none lost', async () => {
    const race = await raceOnBoard(join(world.home, 'race'), PROCESSES, COUNT);
    expectSound(race);
    expect(race.tasks.filter(({ attempt }) => attempt !== 1)).toEqual([]);
    // By their own word too.
    expect(race.lines.filter((line) => line.startsWith('claimed '))).toHaveLength(COUNT);
  });

  it('finish what those held that were killed', async () => {
    expectSound(await raceOnBoard(join(world.home, 'race'), PROCESSES, COUNT, 4));
  });
});
