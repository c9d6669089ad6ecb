import { describe, expect, it } from 'vitest';
import { allAgents } from '../../src/agents/records.ts';
import type { Session } from '../../src/agents/session.ts';
import type { Effect, Event } from '../../src/tui/protocol.ts';
import { perform } from '../../src/tui/run/act.ts';
import { spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

/** Does it without a view around it; answers all that the model would be told. */
async function told(session: Session, effect: Effect): Promise<Event[]> {
  const events: Event[] = [];
  const nothing = () => {};
  await perform(
    {
      ...{ session, popup: false, looked: nothing, typed: nothing, write: nothing, quit: nothing, answer: nothing },
      dispatch: (event) => events.push(event),
      readBoard: async () => {},
      handOver: async () => 0,
      ask: async () => false,
      typist: () => ({ type: nothing }),
    },
    effect,
  );
  return events;
}

describe('what is done to agents in swarm tui', () => {
  const world = useWorld();

  it('can be taken back for those to whom it was done, also where it failed for another', async () => {
    for (const ticket of ['a', 'b']) await spawnOne(world, [ticket]);
    expect((await world.swarm(['pause', '1'])).exitCode).toBe(0);
    await withWorldSession(world, async (session) => {
      const agents = (await allAgents(session.db)).map(({ id }) => id);
      const end = (await told(session, { type: 'pause', agents })).at(-2);
      expect(end).toMatchObject({ type: 'job-end', undo: { what: 'pause', agents: agents.slice(1) } });
      expect(end).toMatchObject({
        notice: { level: 'error', message: expect.stringMatching(/worker-1 is paused already[\s\S]*u takes it back/) },
      });
      const again = (await told(session, { type: 'pause', agents })).at(-2);
      expect(again).toMatchObject({ type: 'job-end', undo: null });
    });
  });

  it('is told with those whom a prompt did not reach', async () => {
    const [a, b] = [await spawnOne(world, ['a']), await spawnOne(world, ['b'])];
    expect((await world.swarm(['stop', '2'])).exitCode).toBe(0);
    await withWorldSession(world, async (session) => {
      const effect = { type: 'prompt', agents: [a.id, b.id], text: 'go' } as const;
      const problem = expect.stringContaining('worker-2');
      expect((await told(session, effect)).at(-1)).toEqual({ type: 'ended', effect, problem, missed: [b.id] });
    });
  });

  it('is told with why it failed, so that what was typed for it is kept', async () => {
    const { id } = await spawnOne(world, ['a']);
    await withWorldSession(world, async (session) => {
      const rename = (name: string) => ({ type: 'rename', agent: id, name }) as const;
      const refused = rename('no name');
      const end = (await told(session, refused)).at(-1);
      expect(end).toEqual({ type: 'ended', effect: refused, problem: expect.stringContaining('no name'), missed: [] });
      const taken = rename('anna');
      expect((await told(session, taken)).at(-1)).toEqual({ type: 'ended', effect: taken, problem: null, missed: [] });
    });
  });
});
