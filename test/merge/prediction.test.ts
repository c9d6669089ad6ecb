import { join } from 'node:path';
import { expect, it } from 'vitest';
import { git } from '../../src/git/git.ts';
import { predictMerge } from '../../src/git/merge-tree.ts';
import { mayCollide, touchedSince } from '../../src/git/touched.ts';
import { useWorld } from '../support/world.ts';
import { makeBranches } from './history.ts';
import { realMerge } from './real-merge.ts';

const world = useWorld();

it('says of every two branches, both ways, what a real merge then does', async () => {
  const dir = join(world.home, 'history');
  const names = await makeBranches(dir, 40);
  const repo = git(dir);
  const here = join(world.home, 'merging');
  await repo.run(['worktree', 'add', '--detach', '--quiet', here, 'main']);
  const base = (await repo.run(['rev-parse', 'main'])).trim();
  const branches = await Promise.all(
    names.map(async (name) => {
      const oid = (await repo.run(['rev-parse', name])).trim();
      return { name, oid, touched: await touchedSince(repo, base, oid) };
    }),
  );
  const seen = { clean: 0, conflict: 0, nothing: 0, unrelated: 0, apart: 0 };
  for (const [i, ours] of branches.entries()) {
    for (const [j, theirs] of branches.entries()) {
      // All of one kind with each other, and of the rest a share: npm run bench tries all 1,600.
      if (i % 20 !== j % 20 && (i + 2 * j) % 8 !== 0) continue;
      const predicted = await predictMerge(repo, ours.oid, theirs.oid);
      const pair = `${ours.name} and ${theirs.name}`;
      expect({ pair, ...predicted }).toEqual({ pair, ...(await realMerge(here, ours.oid, theirs.oid)) });
      seen[predicted.state]++;
      if (mayCollide(ours.touched, theirs.touched)) continue;
      expect(predicted.state, `${pair} touch nothing in common`).not.toBe('conflict');
      seen.apart++;
    }
  }
  expect(seen.clean).toBeGreaterThan(50);
  expect(seen.conflict).toBeGreaterThan(25);
  expect(seen.apart).toBeGreaterThan(25);
});
