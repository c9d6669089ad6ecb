import { expect, it } from 'vitest';
import { type Live, openLive } from '../../src/agents/live.ts';
import { updateAgent } from '../../src/agents/records.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { spawnOne } from './support.ts';

const world = useWorld();

/** Looks until nothing changes any more. */
async function atRest(live: Live) {
  return waitFor(
    async () => {
      const [one, two] = [await live.look(), await live.look()];
      return one.supervisor && one.agents === two.agents && one.agents[0]?.agent.status === 'idle' ? two : null;
    },
    'a team in which nothing changes',
    30_000,
  );
}

it('a look that comes again reads only what has changed, whoever changed it', async () => {
  const { id } = await spawnOne(world, ['t-1']);
  expect((await world.swarm(['up'])).exitCode).toBe(0);
  await withWorldSession(world, async (session) => {
    const live = openLive(session);
    try {
      await atRest(live);
      expect((await world.swarm(['rename', '1', 'anna'])).exitCode).toBe(0);
      const renamed = await live.look();
      expect(renamed.agents.map(({ agent }) => agent.name)).toEqual(['anna']);
      await atRest(live);
      await updateAgent(session.db, id, { unseen: 1 });
      expect((await live.look()).agents[0]?.agent.unseen).toBe(true);
      // Nobody keeps what is known any more: it is looked at.
      await atRest(live);
      expect((await world.swarm(['down'])).exitCode).toBe(0);
      expect((await live.look()).supervisor).toBe(false);
    } finally {
      await live.close();
    }
  });
});
