import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { run } from '../../src/process/run.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { root } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({ files: { 'shared.txt': 'one\n' } });
let agent: Agent;
let other: Agent;

const variables = (role = 'worker') => ({
  SWARM_AGENT: agent.name,
  SWARM_ROLE: role,
  SWARM_BRANCH: agent.branch ?? '',
  SWARM_BASE: agent.base ?? '',
  SWARM_WORKTREE: agent.worktree ?? '',
});

/** git as the agent itself would run it. */
async function git(args: readonly string[], cwd = agent.worktree ?? '', role?: string) {
  const { exitCode, stdout, stderr } = await run(['git', ...args], { cwd, env: { ...world.env, ...variables(role) } });
  return { exitCode, said: `${stdout}${stderr}` };
}

async function well(...args: readonly string[]): Promise<void> {
  expect(await git(args)).toMatchObject({ exitCode: 0 });
}

async function commit(text: string): Promise<void> {
  writeFileSync(join(agent.worktree ?? '', 'shared.txt'), text);
  await well('commit', '--quiet', '--all', '-m', text.trim());
}

describe('hooks/git/reference-transaction', () => {
  beforeEach(async () => {
    const hook = world.write('.git/hooks/reference-transaction', '');
    copyFileSync(join(root, 'hooks', 'git', 'reference-transaction'), hook);
    const before = world.write('.git/hooks/pre-commit', `#!/bin/sh\necho ran >> '${join(world.dir, 'ran')}'\n`);
    await run(['chmod', '+x', hook, before]);
    agent = await spawnOne(world, ['t-1', '--no-wait']);
    other = await spawnOne(world, ['t-2', '--no-wait']);
    await world.swarm(['wait', agent.name, '--for', 'idle']);
  });

  it('lets an agent do whatever it likes with branches of its own, and the hooks of the user run', async () => {
    await commit('two\n');
    expect(readFileSync(join(world.dir, 'ran'), 'utf8')).toBe('ran\n');
    await world.git(['commit', '--quiet', '--allow-empty', '-m', 'elsewhere']);
    await well('rebase', '--quiet', 'main');
    await well('commit', '--quiet', '--amend', '-m', 'amended');
    await well('checkout', '--quiet', '-b', 'side');
    await commit('three\n');
    await well('checkout', '--quiet', 't-1');
    await well('merge', '--quiet', '--no-edit', 'side');
    await well('branch', '-D', 'side');
    await well('tag', 'here');
    await well('stash', 'list');
    await well('pack-refs', '--all');
    await well('gc', '--quiet');
    await well('reset', '--quiet', '--hard', 'HEAD~1');
    await well('worktree', 'add', '--quiet', '-b', 'apart', join(world.dir, 'apart'));
    await well('worktree', 'remove', join(world.dir, 'apart'));
  });

  it.each(['loose', 'packed'])(
    'refuses %s branches of others and where it started, not to leaders and people',
    async (how) => {
      await commit('two\n');
      if (how === 'packed') await world.git(['pack-refs', '--all']);
      const tips = () => world.git(['for-each-ref', 'refs/heads']);
      const before = await tips();
      const oid = (await world.git(['rev-parse', 'main'])).trim();
      for (const ref of ['main', 't-2']) {
        for (const args of [
          ['update-ref', `refs/heads/${ref}`, 'HEAD'],
          ['update-ref', '-d', `refs/heads/${ref}`],
          ['update-ref', '-d', `refs/heads/${ref}`, oid],
          ['update-ref', `refs/heads/${ref}`, 'HEAD', oid],
        ]) {
          const { exitCode, said } = await git(args);
          expect([exitCode === 0, said]).toEqual([false, expect.stringContaining(`keeps to t-1: ${ref} is`)]);
        }
      }
      const there = await git(['commit', '--quiet', '--allow-empty', '-m', 'astray'], other.worktree ?? '');
      expect([there.exitCode === 0, there.said]).toEqual([false, expect.stringContaining('t-2 is checked out in')]);
      expect(await tips()).toBe(before);
      const aside = join(world.dir, 'aside');
      await well('init', '--quiet', '-b', 'main', aside);
      await run(['cp', '-R', join(world.repo, '.git', 'hooks'), join(aside, '.git')]);
      expect(await git(['commit', '--quiet', '--allow-empty', '-m', 'mine'], aside)).toMatchObject({ exitCode: 0 });
      const leads = await git(['update-ref', 'refs/heads/main', 'HEAD'], agent.worktree ?? '', 'leader');
      expect(leads).toMatchObject({ exitCode: 0 });
      await world.git(['update-ref', 'refs/heads/main', 'HEAD']);
    },
  );

  it('is in no way of swarm, also where an agent calls it', async () => {
    const env = variables();
    writeFileSync(join(other.worktree ?? '', 'new.txt'), 'x\n');
    await call(world, 'checkpoint', ['checkpoint', other.name, '--now'], { env });
    await call(world, 'spawn', ['spawn', '--agent', 'scripted', 't-3', '--no-wait'], { env });
    expect((await world.swarm(['fork', agent.name, 't-4'], { env })).exitCode).toBe(0);
    await commit('two\n');
    await world.swarm(['wait', agent.name, '--for', 'idle']);
    expect((await call(world, 'merge', ['merge', agent.name], { env })).merge.state).toBe('merged');
    expect((await world.swarm(['rm', 'worker-3'], { env })).exitCode).toBe(0);
    expect((await world.swarm(['repair'], { env })).exitCode).toBe(0);
  });
});
