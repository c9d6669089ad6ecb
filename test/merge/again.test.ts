import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { gitFacts } from '../../src/git/facts.ts';
import { broughtHome } from '../../src/merge/brought.ts';
import { FreshConflicts } from '../../src/merge/fresh/fresh.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const lines = (third = 'three', last = 'ten') => `one\ntwo\n${third}\nfour\nfive\nsix\nseven\neight\nnine\n${last}\n`;
const world = useWorld({ files: { 'shared.txt': lines(), 'other.txt': lines() } });
const tip = async (ref: string, cwd = world.repo) => (await world.git(['rev-parse', ref], cwd)).trim();
const text = (ref: string) => world.git(['show', `${ref}:shared.txt`]);
const merge = async (agent: Agent, words: readonly string[], exit = 0) =>
  (await call(world, 'merge', ['merge', agent.name, '--keep', ...words], { exit })).merge;

async function commit(cwd: string, subject: string, content: string, name = 'shared.txt'): Promise<void> {
  writeFileSync(join(cwd, name), content);
  await world.git(['add', name], cwd);
  await world.git(['commit', '--quiet', '--no-verify', '-m', subject], cwd);
}

async function idle(ticket: string): Promise<Agent & { at: string }> {
  const agent = await spawnOne(world, [ticket, '--no-wait']);
  await world.swarm(['wait', agent.name, '--for', 'idle']);
  return { ...agent, at: agent.worktree ?? '' };
}

/** What the supervisor would know of all agents. */
const kept = () =>
  withWorldSession(world, async (session) => {
    const { db, repo } = session;
    const agents = await db.selectFrom('agents').selectAll().execute();
    const brought = await broughtHome(db, agents);
    const target = { name: 'main', oid: await tip('main') };
    const looked = agents.map(async ({ id, worktree }) => {
      const facts = await gitFacts(worktree ?? '', null);
      return { id, worktree: worktree ?? '', facts, target, brought: brought.get(id) ?? [] };
    });
    const team = await Promise.all(looked);
    const fresh = new FreshConflicts(repo);
    await fresh.pass(session, team);
    const conflicts = fresh.conflicts(team);
    await fresh.close();
    return conflicts;
  });

it('takes up from where the last merge of the same work ended, not from where the branch began', async () => {
  const agent = await idle('t-1');
  await commit(agent.at, 'first', lines('three of a'));
  await commit(agent.at, 'second', lines('three of a again'));
  expect(await merge(agent, [])).toMatchObject({ state: 'merged' });
  expect(await merge(agent, [])).toMatchObject({ state: 'nothing' });
  const other = await idle('t-2');
  await commit(other.at, 'beside', 'new\n', 'new.txt');
  await commit(world.repo, 'elsewhere', lines('three', 'ten of main'), 'other.txt');
  await commit(agent.at, 'third', lines('three of a, at last'));
  // Neither with the target nor with somebody whose branch began after the first merge.
  expect((await call(world, 'conflicts', ['conflicts'])).conflicts).toEqual([]);
  expect(await kept()).toEqual([]);
  const { agents } = await call(world, 'compare', ['compare', agent.name, other.name]);
  expect(agents.map(({ merge: outlook, commits }) => ({ outlook, commits }))).toEqual([
    { outlook: 'clean', commits: 1 },
    { outlook: 'clean', commits: 1 },
  ]);
  for (const how of ['squash', 'merge', 'rebase']) {
    await world.git(['branch', how, 'main']);
    expect(await merge(agent, ['--into', how, '--strategy', how])).toMatchObject({ state: 'merged' });
    expect(await text(how)).toBe(lines('three of a, at last'));
    expect((await world.git(['log', '--first-parent', '--format=%s', `main..${how}`])).split('\n')[0]).toBe(
      how === 'merge' ? 'Merge t-1' : 'third',
    );
    expect(await world.git(['rev-list', '--count', '--first-parent', `main..${how}`])).toBe('1\n');
  }
  expect(await merge(agent, [])).toMatchObject({ state: 'merged' });
  // What it takes back of its own work is taken back.
  await commit(agent.at, 'back', lines());
  expect(await merge(agent, [])).toMatchObject({ state: 'merged' });
  expect(await text('main')).toBe(lines());
  await commit(world.repo, 'of main', lines('three of main'));
  await commit(agent.at, 'more', lines('three of a, anew'));
  const found = { b: null, target: 'main', kind: 'merge', files: ['shared.txt'] };
  expect(await merge(agent, [], 1)).toMatchObject({ state: 'conflict', files: ['shared.txt'] });
  expect((await call(world, 'conflicts', ['conflicts'])).conflicts).toMatchObject([found]);
  expect(await kept()).toMatchObject([found]);
  // Solved by merging the target in, as git knows it.
  await world.git(['merge', '--quiet', '--no-commit', 'main'], agent.at).catch(() => null);
  await commit(agent.at, 'solved', lines('three of both'));
  expect(await merge(agent, [])).toMatchObject({ state: 'merged' });
  expect(await text('main')).toBe(lines('three of both'));
});
