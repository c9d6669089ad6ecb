import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { useWorld, type World } from '../support/world.ts';
import { audit } from './audit.ts';
import { agents, crash, forEach, pointsOf, repairWell, SLOW, said, well } from './support.ts';

const SAID = 'Say something';

/** Scripted agents that have been through a turn, so that there is a conversation to come back to. */
async function inConversation(world: World, tickets: readonly string[]): Promise<Agent[]> {
  await well(world, ['spawn', ...tickets, '--agent', 'scripted', '-p', SAID, '--no-wait']);
  const there = (await agents(world)).filter(({ ticket }) => tickets.includes(ticket ?? ''));
  await well(world, ['wait', ...there.map(({ name }) => name), '--timeout', '60s']);
  return agents(world);
}

interface Revived {
  readonly agent: Agent;
  readonly resumed: boolean;
}

/** All are at rest, with the conversation that they had before in their windows; nothing was said in it a second time. */
async function expectConversations(world: World, before: readonly Agent[]): Promise<void> {
  await well(world, ['wait', ...before.map(({ name }) => name), '--for', 'idle', '--timeout', '60s']);
  const after = await agents(world);
  const ids = (all: readonly Agent[]) => all.map(({ name, sessionId }) => `${name} ${sessionId}`);
  expect(ids(after)).toEqual(ids(before));
  await forEach(
    after,
    ({ name }) => name,
    async ({ tmux, sessionId }) => {
      const { stdout } = await world.tmux(['capture-pane', '-p', '-t', tmux.pane ?? '']);
      expect(stdout).toContain(SAID);
      expect(said(world, sessionId ?? '').filter((text) => text === SAID)).toEqual([SAID]);
    },
  );
}

const ticketOf = (point: string) => point.replaceAll(':', '-');

describe('an agent killed in the middle of', () => {
  const world = useWorld();
  const named = (all: readonly Agent[], point: string) => {
    const found = all.find(({ ticket }) => ticket === ticketOf(point));
    if (found === undefined) throw new Error(`no agent for ${point}`);
    return found;
  };

  it('a pause is paused, and comes back with the same conversation', SLOW, async () => {
    await inConversation(world, ['whole']);
    await well(world, ['pause', 'worker-1']);
    const points = pointsOf(world, 'pause');
    const before = await inConversation(world, points.map(ticketOf));
    await forEach(points, String, (point) => crash(world, ['pause', named(before, point).name], point));
    await repairWell(world);
    expect(await audit(world)).toEqual([]);
    expect((await agents(world)).filter(({ status }) => status !== 'paused')).toEqual([]);
    await forEach(
      before,
      ({ name }) => name,
      async ({ name }) => {
        expect((await well<Revived>(world, ['resume', name])).resumed).toBe(true);
      },
    );
    await expectConversations(world, before);
    expect(await audit(world)).toEqual([]);
  });

  it.each(['resume', 'restart'])('a %s is as before or at work, and nothing is said twice', SLOW, async (verb) => {
    await inConversation(world, ['whole']);
    if (verb === 'resume') await well(world, ['pause', 'worker-1']);
    await well(world, [verb, 'worker-1']);
    const points = pointsOf(world, verb);
    const before = await inConversation(world, points.map(ticketOf));
    if (verb === 'resume') {
      await forEach(points, String, (point) => well(world, ['pause', named(before, point).name]));
    }
    await forEach(points, String, (point) => crash(world, [verb, named(before, point).name], point));
    await repairWell(world);
    expect(await audit(world)).toEqual([]);
    const after = await agents(world);
    await forEach(points, String, async (point) => {
      const agent = named(after, point);
      const runs = agent.pid !== null && !['paused', 'exited'].includes(agent.status);
      if (!runs) expect(agent.status).toBe(verb === 'resume' ? 'paused' : 'exited');
      if (!runs) await well(world, [verb, agent.name]);
    });
    await expectConversations(world, before);
    await well(world, ['send', '--all', 'Again']);
    await expectConversations(world, before);
    expect(await repairWell(world)).toEqual([]);
    expect(await audit(world)).toEqual([]);
  });
});
