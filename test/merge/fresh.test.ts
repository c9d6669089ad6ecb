import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allAgents } from '../../src/agents/records.ts';
import type { Agent } from '../../src/agents/types.ts';
import { gitFacts } from '../../src/git/facts.ts';
import { FreshConflicts } from '../../src/merge/fresh/fresh.ts';
import { targetsOf } from '../../src/merge/targets.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({ files: { 'shared.txt': 'one\n' } });

async function commit(cwd: string, name: string, text: string): Promise<void> {
  writeFileSync(join(cwd, name), text);
  await world.git(['add', '--all'], cwd);
  await world.git(['commit', '--quiet', '--no-verify', '-m', name], cwd);
}

/** Who collides, and of whom both are told, as the supervisor keeps it: pairs of names. */
function fresh(): Promise<{ seen: string[]; told: string[] }> {
  return withWorldSession(world, async (session) => {
    const rows = await allAgents(session.db);
    const targets = await targetsOf(session, rows);
    const team = await Promise.all(
      rows.map(async ({ id, worktree }) => ({
        id,
        worktree: worktree ?? '',
        facts: await gitFacts(worktree ?? '', null),
        target: targets.get(id) ?? null,
        brought: [],
      })),
    );
    const kept = new FreshConflicts(session.repo);
    while (!(await kept.pass(session, team)));
    const named = (id: string | null) => rows.find((row) => row.id === id)?.name ?? 'main';
    const pairs = (found: ReturnType<FreshConflicts['conflicts']>) =>
      found.map(({ a, b }) => `${named(a)} ${named(b)}`);
    const result = { seen: pairs(kept.conflicts(team)), told: pairs(kept.toTell(team)) };
    await kept.close();
    return result;
  });
}

it('tells nobody of what a target that moved has set between two, and counts who has done nothing with nobody', async () => {
  const a = await spawnOne(world, ['t-1', '--no-wait']);
  await commit(a.worktree ?? '', 'shared.txt', 'one of a\n');
  await commit(world.repo, 'shared.txt', 'one of main\n');
  const b: Agent = await spawnOne(world, ['t-2', '--no-wait']);
  const pairs = [`${a.name} main`];
  expect(await fresh()).toEqual({ seen: pairs, told: pairs });
  const listed = async () =>
    (await call(world, 'conflicts', ['conflicts'])).conflicts.map((one) => `${one.a} ${one.b ?? one.target}`);
  expect(await listed()).toEqual(pairs);
  // git can't merge the two: but that b has what main has by now is no change of b's.
  await commit(b.worktree ?? '', 'beside.txt', 'of b\n');
  const all = [...pairs, `${a.name} ${b.name}`];
  expect(await fresh()).toEqual({ seen: all, told: pairs });
  expect(await listed()).toEqual(all);
  await commit(b.worktree ?? '', 'shared.txt', 'one of b\n');
  expect(await fresh()).toEqual({ seen: all, told: all });
});
