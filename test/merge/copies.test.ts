import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentById } from '../../src/agents/records.ts';
import { participantOfAgent } from '../../src/board/participants.ts';
import { readConflicts } from '../../src/merge/conflicts.ts';
import { requestMerge } from '../../src/merge/queue/request.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('copied and linked files that git does not ignore', () => {
  // `node_modules/` does not match a link.
  const world = useWorld({
    files: { '.gitignore': 'node_modules/\n', 'shared.txt': 'one\n' },
    swarmYaml: "version: 1\nfiles: { copy: ['.env*'], link: [node_modules] }\n",
  });

  it('are nobody’s work: no collision, nothing to commit, and in the way of no merge', async () => {
    world.write('.env', 'SECRET=1\n');
    world.write('node_modules/dep/index.js', 'dep\n');
    const [a, b] = [await spawnOne(world, ['t-1', '--no-wait']), await spawnOne(world, ['t-2', '--no-wait'])];
    for (const { worktree } of [a, b]) {
      const at = worktree ?? '';
      world.write(join(at, '.env'), `SECRET=of ${at}\n`);
      expect(await world.git(['status', '--porcelain'], at)).toBe('?? .env\n?? node_modules\n');
    }
    expect((await call(world, 'conflicts', ['conflicts'])).conflicts).toEqual([]);
    await call(world, 'up', ['up']);
    const known = async () => (await call(world, 'ls', ['ls'])).conflicts;
    await waitFor(async (see) => (see(await known()) === null ? null : true), 'the first look of the supervisor');
    expect(await known()).toEqual([]);
    await call(world, 'down', ['down']);

    const at = a.worktree ?? '';
    world.write(join(at, 'new.txt'), 'new\n');
    await world.git(['add', 'new.txt'], at);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'New'], at);
    const status = async () => (await call(world, 'status', ['status', a.name])).agent.status;
    await waitFor(async (see) => (see(await status()) === 'idle' ? true : null), 'its rest');
    await withWorldSession(world, async (session) => {
      const row = await agentById(session.db, a.id);
      if (row === undefined) throw new Error('no such agent');
      expect((await requestMerge(session, participantOfAgent(row), null)).entry.state).toBe('requested');
      expect(await readConflicts(session)).toEqual({ conflicts: [], errors: [] });
    });
    expect((await call(world, 'compare', ['compare', a.name])).agents).toMatchObject([{ uncommitted: 0 }]);
    world.write(join(at, '.env'), 'SECRET=1\n');
    expect((await call(world, 'merge', ['merge', a.name])).merge).toMatchObject({ state: 'merged', removed: true });
    expect(existsSync(join(world.repo, 'new.txt'))).toBe(true);
  });
});
