import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { agentById } from '../../src/agents/records.ts';
import type { Agent } from '../../src/agents/types.ts';
import { mergeAgent } from '../../src/merge/merge.ts';
import { repairWell, SLOW } from '../crash/support.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { refusal } from '../git/ground.ts';
import { writeScript } from '../support/hostile.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({
  files: { 'a.txt': 'a\n', 'gone.txt': 'gone\n', 'z.txt': 'z\n', '.gitattributes': 'z.txt filter=x\n' },
});
const status = () => world.git(['status', '--porcelain']);
const merge = async (agent: Agent) => (await call(world, 'merge', ['merge', agent.name, '--keep'])).merge;

/** An agent at rest that changes a file, removes one, and adds one in a folder of its own. */
async function worked(change: (worktree: string) => Promise<void>): Promise<Agent> {
  const agent = await spawnOne(world, ['t-1', '--no-wait']);
  const worktree = agent.worktree ?? '';
  await change(worktree);
  await world.git(['commit', '--quiet', '--no-verify', '-am', 'work'], worktree);
  await world.swarm(['wait', agent.name, '--for', 'idle']);
  return agent;
}

it(
  'undoes a move whose git and swarm were killed before the branch, and names the locks that git left',
  SLOW,
  async () => {
    const bump = async (number: string, cwd = world.repo) =>
      world.git(['update-index', '--add', '--cacheinfo', `160000,${number.repeat(40)},sub`], cwd);
    world.write('sub/.keep', '');
    await bump('1');
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'sub']);
    const before = await status();
    const agent = await worked(async (at) => {
      writeFileSync(join(at, 'a.txt'), 'a of the agent\n');
      await world.git(['rm', '--quiet', 'gone.txt'], at);
      world.write(join(at, 'new', 'deep', 'n.txt'), 'n\n');
      await world.git(['add', 'new'], at);
      await bump('2', at);
    });
    const hook = join(world.repo, '.git', 'hooks', 'reference-transaction');
    mkdirSync(dirname(hook), { recursive: true });
    // git's parent is swarm.
    writeScript(
      hook,
      `[ "$1" = prepared ] && grep -q ' refs/heads/main$' && { kill -9 $(ps -o ppid= -p $PPID) $PPID; }; exit 0`,
    );
    const killed = await world.swarm(['merge', agent.name, '--keep']);
    expect(killed.signal).toBe('SIGKILL');
    rmSync(hook);
    expect(await status()).not.toBe(before);
    const locks = ['HEAD.lock', 'refs/heads/main.lock'].map((name) => join(world.repo, '.git', name));
    expect(locks.map((lock) => existsSync(lock))).toEqual([true, true]);
    const held = await world.swarm(['repair']);
    expect(held).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('its locks are still there') });
    for (const lock of locks) {
      expect(held.stdout).toContain(lock);
      rmSync(lock);
    }
    expect((await repairWell(world))[0]?.how).toMatch(/nothing was merged into main/);
    expect(await status()).toBe(before);
    expect(readFileSync(join(world.repo, 'a.txt'), 'utf8')).toBe('a\n');
    expect(existsSync(join(world.repo, 'new'))).toBe(false);
    expect(await merge(agent)).toMatchObject({ state: 'merged' });
  },
);

it('leaves to a repair what it can’t take back itself, and says so', SLOW, async () => {
  const agent = await worked(async (at) => {
    writeFileSync(join(at, 'a.txt'), 'a of the agent\n');
    writeFileSync(join(at, 'z.txt'), 'z of the agent\n');
  });
  await world.git(['config', 'filter.x.clean', 'cat']);
  await world.git(['config', 'filter.x.smudge', 'false']);
  await world.git(['config', 'filter.x.required', 'true']);
  // As in the supervisor: this process lives on.
  const error = await withWorldSession(world, async (session) => {
    const row = await agentById(session.db, agent.id);
    const options = { into: null, strategy: null, message: null, keep: true, gate: true };
    return row && refusal(mergeAgent(session, row, options, { yes: false, ask: null, tell: () => {} }));
  });
  expect(error).toMatchObject({ code: 'HALF_MOVED', hint: 'swarm repair', message: expect.stringContaining('z.txt') });
  expect((await world.swarm(['repair'])).exitCode).toBe(1);
  await world.git(['config', 'filter.x.smudge', 'cat']);
  expect((await repairWell(world))[0]?.how).toMatch(/nothing was merged into main/);
  expect(await status()).toBe('');
  expect(await merge(agent)).toMatchObject({ state: 'merged' });
});
