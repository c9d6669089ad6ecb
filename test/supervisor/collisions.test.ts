import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import type { Message } from '../../src/board/messages/types.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const lines = (third = 'three') => `one\ntwo\n${third}\nfour\nfive\nsix\n`;

describe('collisions, as the supervisor keeps them', () => {
  const world = useWorld({ files: { 'shared.txt': lines() } });
  const put = (agent: Agent, name: string, text: string) => writeFileSync(join(agent.worktree ?? '', name), text);
  const commit = async (cwd: string) => {
    await world.git(['add', '--all'], cwd);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'change'], cwd);
  };
  const team = async () => (await call(world, 'ls', ['ls'])).conflicts;
  const kept = (wanted: unknown) =>
    waitFor(async (see) => {
      expect(see(await team())).toEqual(wanted);
      return true;
    }, 'the collisions');
  const told = async () => {
    const { messages } = (await world.swarm(['msg', 'list', '--json'])).jsonAs<{ messages: Message[] }>();
    return messages.filter(({ payload }) => 'conflict' in payload);
  };

  it('show in ls as soon as they arise, are told once to each and to who leads, and are gone with their cause', async () => {
    const leader = await spawnOne(world, ['t-0', '--role', 'leader', '--no-wait']);
    const [a, b] = [await spawnOne(world, ['t-1', '--no-wait']), await spawnOne(world, ['t-2', '--no-wait'])];
    await call(world, 'up', ['up']);
    await kept([]);
    put(a, 'shared.txt', lines('three of a'));
    await commit(a.worktree ?? '');
    put(b, 'shared.txt', lines('three of b'));
    await world.git(['add', '--all'], b.worktree ?? '');
    const between = { a: a.name, b: b.name, target: null, kind: 'merge', files: ['shared.txt'] };
    await kept([between]);
    expect((await world.swarm(['ls'])).stdout).toContain(
      `${a.name} and ${b.name} can't be merged as they are: shared.txt`,
    );
    const first = await waitFor(async (see) => {
      const messages = see(await told());
      return messages.length >= 3 ? messages : null;
    }, 'three to be told');
    expect(first.map(({ to }) => to).toSorted()).toEqual([a.name, b.name, leader.name].toSorted());

    // The other supervisor knows what this one has told.
    await call(world, 'down', ['down']);
    expect(await team()).toBeNull();
    await call(world, 'up', ['up']);
    await kept([between]);
    await world.git(['checkout', '--quiet', 'HEAD', '--', 'shared.txt'], b.worktree ?? '');
    await kept([]);

    writeFileSync(join(world.repo, 'shared.txt'), lines('three of main'));
    await commit(world.repo);
    const target = (await world.git(['branch', '--show-current'])).trim();
    await kept([{ a: a.name, b: null, target, kind: 'merge', files: ['shared.txt'] }]);
    const all = await waitFor(async (see) => {
      const messages = see(await told());
      return messages.length >= 5 ? messages : null;
    }, 'two more to be told');
    expect(all.length).toBe(5);
    // What is in the middle of a rebase counts as it was before.
    await expect(world.git(['rebase', '--quiet', target], a.worktree ?? '')).rejects.toThrow();
    await world.git(['rebase', '--skip'], a.worktree ?? '');
    await kept([]);
    expect((await told()).length).toBe(5);
  });
});
