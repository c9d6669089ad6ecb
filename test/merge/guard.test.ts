import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { run } from '../../src/process/run.ts';
import { call } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const world = useWorld({ files: { 'shared.txt': 'one\n' } });
let agent: Agent;
let other: Agent;

/** The environment that the agent's own process was given. */
function given({ pid }: Agent): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return Object.fromEntries(entries.filter((entry) => entry !== '').map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
}

/** git as an agent runs it. */
async function git(args: readonly string[], cwd = agent.worktree ?? '', who = agent) {
  const { exitCode, stdout, stderr } = await run(['git', ...args], { cwd, env: given(who) });
  return { exitCode, said: `${stdout}${stderr}` };
}

async function well(...args: readonly string[]): Promise<void> {
  expect(await git(args)).toMatchObject({ exitCode: 0 });
}

async function commit(text: string): Promise<void> {
  writeFileSync(join(agent.worktree ?? '', 'shared.txt'), text);
  await well('commit', '--quiet', '--all', '-m', text.trim());
}

async function hook(to: World, path: string, name: string): Promise<void> {
  const file = to.write(path, `#!/bin/sh\necho "${name} $* $(cat | wc -w)" >> '${join(to.dir, 'ran')}'\n`);
  await run(['chmod', '+x', file]);
}

function ran(): string[] {
  const file = join(world.dir, 'ran');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  rmSync(file, { force: true });
  return lines;
}

async function shell(
  ticket: string,
  options: Parameters<typeof call>[3] = {},
  ...more: readonly string[]
): Promise<Agent> {
  const words = ['spawn', '--agent', 'shell', ticket, '--no-wait', ...more];
  const [made] = (await call(world, 'spawn', words, options)).agents;
  return started(made as Agent);
}

async function restarted(name: string, options: Parameters<World['swarm']>[1] = {}): Promise<Agent> {
  await world.swarm(['restart', name], options);
  return started((await call(world, 'status', ['status', name])).agent);
}

/** Once the launcher has become the agent. */
function started(one: Agent): Promise<Agent> {
  return waitFor((see) => (see(given(one))['SWARM_AGENT'] === one.name ? one : null), `the start of ${one.name}`);
}

describe('hooks/git/reference-transaction', () => {
  beforeEach(async () => {
    agent = await shell('t-1');
    other = await shell('t-2');
  });

  it('lets an agent do whatever it likes with branches of its own', async () => {
    await commit('two\n');
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
    const inside = join(agent.worktree ?? '', '.claude', 'worktrees', 'helper');
    await well('worktree', 'add', '--quiet', '-b', 'helper', inside);
    expect(await git(['commit', '--quiet', '--allow-empty', '-m', 'helped'], inside)).toMatchObject({ exitCode: 0 });
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
      const home = await git(['commit', '--quiet', '--allow-empty', '-m', 'astray'], world.repo);
      expect([home.exitCode === 0, home.said]).toEqual([false, expect.stringContaining('keeps to t-1: main is')]);
      expect(await tips()).toBe(before);
      const aside = join(world.dir, 'aside');
      await well('init', '--quiet', '-b', 'main', aside);
      expect(await git(['commit', '--quiet', '--allow-empty', '-m', 'mine'], aside)).toMatchObject({ exitCode: 0 });
      const leader = await shell('t-3', {}, '--role', 'leader');
      expect(given(leader)['GIT_CONFIG_PARAMETERS']).toBeUndefined();
      const leads = await git(['update-ref', 'refs/heads/main', 'HEAD'], leader.worktree ?? '', leader);
      expect(leads).toMatchObject({ exitCode: 0 });
      await world.git(['update-ref', 'refs/heads/main', 'HEAD']);
    },
  );

  it('refuses the branches that work goes to, whether or not a remote or a checkout names them', async () => {
    await world.git(['branch', 'integration']);
    await world.git(['checkout', '--quiet', '-b', 'dev']);
    const env = { SWARM_MERGE_INTO: 'integration' };
    const mine = await shell('t-3', { env }, '--base', 'dev');
    const before = await world.git(['for-each-ref', 'refs/heads/main', 'refs/heads/integration']);
    for (const ref of ['main', 'integration']) {
      await git(['commit', '--quiet', '--allow-empty', '-m', 'mine'], mine.worktree ?? '', mine);
      const moved = await git(['branch', '--force', ref], mine.worktree ?? '', mine);
      expect([moved.exitCode === 0, moved.said]).toEqual([false, expect.stringContaining(`keeps to t-3: ${ref} is`)]);
    }
    expect(await world.git(['for-each-ref', 'refs/heads/main', 'refs/heads/integration'])).toBe(before);
  });

  it('is in no way of swarm, also where an agent calls it', async () => {
    const env = given(agent);
    writeFileSync(join(other.worktree ?? '', 'new.txt'), 'x\n');
    await call(world, 'checkpoint', ['checkpoint', other.name, '--now'], { env });
    const inner = await shell('t-3', { env });
    const guards = given(inner)['GIT_CONFIG_PARAMETERS']?.match(/(?<=\/agents\/)[^/]+(?=\/git\/config)/g);
    expect(new Set(guards)).toEqual(new Set([inner.name]));
    expect((await world.swarm(['fork', agent.name, 't-4'], { env })).exitCode).toBe(0);
    await commit('two\n');
    await world.swarm(['wait', agent.name, '--for', 'idle']);
    // Only who leads may merge; its git is held here as a worker's is.
    const { GIT_CONFIG_PARAMETERS = '' } = env;
    const leads = { ...given(await shell('t-5', {}, '--role', 'leader')), SWARM_ROLE: 'worker', GIT_CONFIG_PARAMETERS };
    expect((await call(world, 'merge', ['merge', agent.name], { env: leads })).merge.state).toBe('merged');
    expect((await world.swarm(['rm', 'worker-3'], { env })).exitCode).toBe(0);
    expect((await world.swarm(['repair'], { env })).exitCode).toBe(0);
  });

  it('runs every hook that the user has, as git would: those of the hooks folder, and of a folder set meanwhile', async () => {
    await hook(world, '.git/hooks/pre-commit', 'pre-commit');
    await hook(world, '.git/hooks/reference-transaction', 'transaction');
    agent = await restarted(agent.name);
    await commit('two\n');
    const [first, ...transactions] = ran();
    expect(first).toBe('pre-commit  0');
    // Branch and HEAD, three words each, in as many transactions as git takes.
    for (const phase of ['prepared', 'committed']) {
      const words = transactions.filter((line) => line.includes(phase)).map((line) => Number(line.split(' ').at(-1)));
      expect(words.reduce((a, b) => a + b, 0)).toBe(6);
    }
    // What an install of husky does, in the middle of the agent's life.
    await well('config', 'core.hooksPath', '.husky/_');
    writeFileSync(join(agent.worktree ?? '', 'package.json'), '{}');
    const husky = join(agent.worktree ?? '', '.husky', '_');
    await run(['mkdir', '-p', husky]);
    for (const name of ['pre-commit', 'commit-msg', 'pre-push']) {
      writeFileSync(join(husky, name), `#!/bin/sh\necho "husky ${name} $#" >> '${join(world.dir, 'ran')}'\n`, {
        mode: 0o755,
      });
    }
    await commit('three\n');
    expect(ran().filter((line) => line.startsWith('husky'))).toEqual(['husky pre-commit 0', 'husky commit-msg 1']);
    const bare = join(world.dir, 'remote.git');
    await well('init', '--quiet', '--bare', bare);
    await well('push', '--quiet', bare, 'HEAD:refs/heads/t-1');
    expect(ran()).toEqual(['husky pre-push 2']);
    expect(await git(['update-ref', 'refs/heads/main', 'HEAD'])).toMatchObject({ exitCode: 128 });
  });

  it('leaves a hook that fails its say, and one that a tool puts where git looks for it', async () => {
    const refusing = world.write('.git/hooks/pre-commit', '#!/bin/sh\necho not today >&2\nexit 1\n');
    await run(['chmod', '+x', refusing]);
    const refused = await git(['commit', '--quiet', '--allow-empty', '-m', 'no']);
    expect(refused).toEqual({ exitCode: 1, said: 'not today\n' });
    const place = (await git(['rev-parse', '--path-format=absolute', '--git-path', 'hooks/pre-commit'])).said.trim();
    writeFileSync(place, `#!/bin/sh\necho installed >> '${join(world.dir, 'ran')}'\n`);
    await run(['chmod', '+x', place]);
    agent = await restarted(agent.name);
    await commit('two\n');
    expect(ran()).toEqual(['installed']);
  });

  it('is not there where it is switched off, and takes nothing from variables that are', async () => {
    const env = { GIT_CONFIG_PARAMETERS: "'user.name'='It'\\''s me'" };
    const mine = await shell('t-3', { env });
    expect((await git(['config', 'user.name'], mine.worktree ?? '', mine)).said).toBe("It's me\n");
    expect((await git(['update-ref', '-d', 'refs/heads/t-1'], mine.worktree ?? '', mine)).said).toContain(
      'keeps to t-3',
    );
    const again = await restarted(mine.name, { env: { SWARM_WORKTREES_GUARD: 'false' } });
    expect(given(again)['GIT_CONFIG_PARAMETERS']).toBeUndefined();
  });
});
