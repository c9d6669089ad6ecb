import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/board/messages/types.ts';
import type { Task } from '../../src/board/tasks/types.ts';
import { call } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';

const AGENTS = 20;
const tickets = Array.from({ length: AGENTS }, (_, index) => `t${index + 1}`);

describe('the death of the tmux server', () => {
  const world = useWorld();

  it('takes nothing from twenty agents: windows, conversations, tasks and inboxes come back with swarm up', async () => {
    const { agents } = await call(world, 'spawn', ['spawn', ...tickets, '--agent', 'scripted', '-p', 'remember me']);
    await world.swarm(['wait', ...agents.map(({ name }) => name)]);
    // Nobody types what is in their inboxes yet.
    await world.swarm(['down']);
    for (const { name } of agents.slice(0, 5)) {
      await world.swarm(['task', 'add', `work of ${name}`]);
      await world.swarm(['task', 'claim'], { env: { SWARM_AGENT: name } });
    }
    await world.swarm(['msg', 'send', '--all', 'for later']);
    await world.swarm(['pause', 'worker-20']);
    await world.tmux(['kill-server']);
    const begin = performance.now();
    const { restored, failed } = await call(world, 'up', ['up']);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    process.stderr.write(`${restored.length} agents restored in ${seconds} s\n`);
    expect(failed).toEqual([]);
    const living = agents.filter(({ name }) => name !== 'worker-20');
    expect(restored.map(({ agent }) => agent).sort()).toEqual(living.map(({ name }) => name).sort());
    expect(restored.every(({ resumed }) => resumed)).toBe(true);
    const after = (await call(world, 'ls', ['ls'])).agents;
    // They were made side by side: which was first is not the order of their names.
    const kept = (team: typeof agents) =>
      new Map(team.map(({ name, worktree, ports, sessionId }) => [name, { worktree, ports, sessionId }]));
    expect(kept(after)).toEqual(kept(agents));
    const { tasks } = (await world.swarm(['task', 'list', '--json'])).jsonAs<{ tasks: Task[] }>();
    expect(tasks.map(({ status, claimedBy, attempt }) => [status, claimedBy, attempt])).toEqual(
      agents.slice(0, 5).map(({ name }) => ['claimed', name, 1]),
    );
    const { messages } = (await world.swarm(['msg', 'list', '--json'])).jsonAs<{ messages: Message[] }>();
    const later = messages.filter(({ text }) => text === 'for later');
    expect(later.map(({ to }) => to).sort()).toEqual(agents.map(({ name }) => name).sort());
  });
});
