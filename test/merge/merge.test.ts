import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { crash, pointsOf, repairWell, SLOW } from '../crash/support.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { unwatched } from './unwatched.ts';

const lines = (third = 'three', last = 'ten') => `one\ntwo\n${third}\nfour\nfive\nsix\nseven\neight\nnine\n${last}\n`;
const world = useWorld({ files: { 'shared.txt': lines(), 'other.txt': lines() } });
const merge = async (agent: Agent, words: readonly string[] = [], exit = 0) =>
  (await call(world, 'merge', ['merge', agent.name, ...words], { exit })).merge;
const tip = async (ref = 'HEAD') => (await world.git(['rev-parse', ref])).trim();
const subjects = async () => (await world.git(['log', '--format=%s'])).trim().split('\n');
const mine = (name: string) => join(world.repo, name);

/** An agent whose branch has a commit for each text of shared.txt. */
async function worked(ticket: string, ...texts: readonly string[]): Promise<Agent> {
  const agent = await spawnOne(world, [ticket, '--no-wait']);
  for (const [index, text] of texts.entries()) {
    writeFileSync(join(agent.worktree ?? '', 'shared.txt'), text);
    await world.git(
      ['commit', '--quiet', '--no-verify', '-am', `${ticket}: change ${index + 1}`],
      agent.worktree ?? '',
    );
  }
  await expect
    .poll(async () => (await call(world, 'status', ['status', agent.name])).agent.status, { timeout: 30_000 })
    .toBe('idle');
  return agent;
}

/** Says what runs as the gate, in a file of the user's own. */
function gate(command: string): void {
  const folder = join(world.home, '.config', 'swarm');
  world.write(join(folder, 'config.yaml'), `merge: { gate: ${JSON.stringify(command)} }\n`);
}

describe('swarm merge', () => {
  it('brings work home as one commit, moves the checkout along, and removes the agent', async () => {
    const agent = await worked('t-1', lines('three of a'), lines('three of a again'));
    writeFileSync(mine('other.txt'), 'mine, uncommitted\n');
    await call(world, 'task-answer', ['task', 'add', 'Change it']);
    await call(world, 'task-answer', ['task', 'claim', '1'], { env: { SWARM_AGENT: agent.name } });
    const merged = await merge(agent);
    expect(merged).toMatchObject({
      state: 'merged',
      strategy: 'squash',
      removed: true,
      notes: [],
      commit: await tip(),
    });
    expect((await subjects())[0]).toBe('t-1: t-1: change 1');
    expect(readFileSync(mine('shared.txt'), 'utf8')).toBe(lines('three of a again'));
    expect(readFileSync(mine('other.txt'), 'utf8')).toBe('mine, uncommitted\n');
    expect((await world.git(['status', '--porcelain'])).trim()).toBe('M other.txt');
    expect((await call(world, 'ls', ['ls'])).agents).toEqual([]);
    expect(existsSync(agent.worktree ?? '')).toBe(false);
    const { task } = await call(world, 'task-answer', ['task', 'show', '1']);
    expect(task).toMatchObject({ status: 'done', result: { commit: merged.commit } });
  });

  it.each(['squash', 'merge', 'rebase', 'ff'] as const)(
    'by %s, into a branch that is checked out nowhere',
    async (how) => {
      await world.git(['branch', 'release']);
      const agent = await worked('t-1', lines('three of a'), lines('three of a again'));
      if (how !== 'ff') await world.git(['commit', '--quiet', '--allow-empty', '-m', 'elsewhere']);
      if (how !== 'ff') await world.git(['branch', '--force', 'release']);
      const before = await tip();
      const { state, commit } = await merge(agent, ['--into', 'release', '--strategy', how, '--keep']);
      expect({ state, commit }).toEqual({ state: 'merged', commit: await tip('release') });
      expect(await tip()).toBe(before);
      const count = Number(await world.git(['rev-list', '--count', '--first-parent', `${before}..release`]));
      expect(count).toBe({ squash: 1, merge: 1, rebase: 2, ff: 2 }[how]);
      expect(await world.git(['show', 'release:shared.txt'])).toBe(lines('three of a again'));
      expect(await merge(agent, ['--into', 'release', '--strategy', how, '--keep'])).toMatchObject({
        state: 'nothing',
      });
    },
  );

  it('changes nothing on a conflict, and names the files', async () => {
    const agent = await worked('t-1', lines('three of a'));
    writeFileSync(mine('shared.txt'), lines('three of mine'));
    await world.git(['commit', '--quiet', '-am', 'mine']);
    const before = await tip();
    for (const how of ['squash', 'merge', 'rebase', 'ff']) {
      const result = await merge(agent, ['--strategy', how], 1);
      expect(result).toMatchObject({ state: 'conflict', files: ['shared.txt'], commit: null });
    }
    expect(await tip()).toBe(before);
    expect(await world.git(['status', '--porcelain'])).toBe('');
    expect(readdirSync(dirname(agent.worktree ?? ''))).toEqual([agent.name]);
  });

  it('refuses by name what a person has changed in its way, byte for byte', async () => {
    const agent = await worked('t-1', lines('three', 'ten of a'));
    const before = await tip();
    writeFileSync(mine('shared.txt'), lines('three of mine'));
    expect(await merge(agent, [], 4)).toMatchObject({ state: 'refused', files: ['shared.txt'] });
    expect(readFileSync(mine('shared.txt'), 'utf8')).toBe(lines('three of mine'));
    expect(await tip()).toBe(before);
    await world.git(['checkout', '--quiet', 'shared.txt']);
    expect(await merge(agent)).toMatchObject({ state: 'merged' });
  });

  it('waits for work that is whole: refused while it has changes, or works', async () => {
    const agent = await worked('t-1', lines('three of a'));
    writeFileSync(join(agent.worktree ?? '', 'new.txt'), 'not committed\n');
    const error = await refused(world, ['merge', agent.name], 4);
    expect(error).toMatchObject({
      code: 'DIRTY_WORKTREE',
      hint: `swarm checkpoint ${agent.name}`,
      details: { files: ['new.txt'] },
    });
    expect(await merge(agent, ['--keep'])).toMatchObject({ state: 'merged', removed: false });
    expect(existsSync(join(agent.worktree ?? '', 'new.txt'))).toBe(true);
    expect(await refused(world, ['merge', agent.name, '--into', 'mian'], 2)).toMatchObject({ code: 'NO_SUCH_BRANCH' });
    for (const how of ['rebase', 'ff']) {
      const words = ['merge', agent.name, '--keep', '--strategy', how, '-m', 'Mine'];
      expect(await refused(world, words, 2)).toMatchObject({ code: 'MESSAGE_UNUSED' });
    }
  });

  it('refuses an agent that is on another branch or none, also in the queue and as a pull request', async () => {
    const agent = await worked('t-1');
    const at = agent.worktree ?? '';
    await world.git(['checkout', '--quiet', '-b', 'elsewhere'], at);
    writeFileSync(join(at, 'shared.txt'), lines('three of elsewhere'));
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'elsewhere'], at);
    for (const words of [['merge', '--keep'], ['merge'], ['pr']]) {
      const [verb = '', ...more] = words;
      expect(await refused(world, [verb, agent.name, ...more], 4)).toMatchObject({
        code: 'NOT_ON_ITS_BRANCH',
        message: expect.stringContaining('elsewhere'),
      });
    }
    await world.git(['checkout', '--quiet', '--detach'], at);
    expect(await refused(world, ['merge', agent.name], 4)).toMatchObject({ code: 'NOT_ON_ITS_BRANCH' });
    expect((await refused(world, ['queue', 'add', agent.name], 4, { env: { SWARM_AGENT: agent.name } })).code).toBe(
      'NOT_ON_ITS_BRANCH',
    );
    await unwatched(world);
    await call(world, 'queue', ['queue', 'add', agent.name]);
    expect((await call(world, 'queue', ['queue', 'run'], { exit: 4 })).queue).toMatchObject([{ state: 'queued' }]);
    expect((await call(world, 'queue', ['queue', 'list'])).paused).toBeNull();
  });

  it('refuses what can’t be read, and takes the branch of a worktree that is gone', async () => {
    const agent = await worked('t-1', lines('three of a'));
    const at = agent.worktree ?? '';
    const link = readFileSync(join(at, '.git'), 'utf8');
    writeFileSync(join(at, 'new.txt'), 'not committed\n');
    writeFileSync(join(at, '.git'), 'no git file\n');
    for (const words of [['merge'], ['merge', '--keep'], ['pr']]) {
      const [verb = '', ...more] = words;
      expect(await refused(world, [verb, agent.name, ...more], 4)).toMatchObject({ code: 'NOT_READ' });
    }
    expect(await subjects()).not.toContain('t-1: change 1');
    writeFileSync(join(at, '.git'), link);
    rmSync(at, { recursive: true });
    expect(await merge(agent)).toMatchObject({ state: 'merged' });
  });

  it('takes a message of words alone', async () => {
    const agent = await worked('t-1', lines('three of a'));
    for (const words of [
      ['-m', ''],
      ['-m', ' \x1b[31m\n'],
    ]) {
      expect((await refused(world, ['merge', agent.name, ...words], 2)).code).toBe('EMPTY_MESSAGE');
      expect((await refused(world, ['checkpoint', agent.name, ...words], 2)).code).toBe('EMPTY_MESSAGE');
    }
    await merge(agent, ['-m', 'Red \x1b[31mone\x1b[0m\x07\n\n\tWhy.\r\n']);
    expect(await world.git(['log', '-1', '--format=%B'])).toBe('Red one\n\n\tWhy.\n\n');
  });

  it('moves no branch under an agent that works', async () => {
    const agent = await worked('t-1', lines('three of a'));
    const script = world.write(join(world.dir, 'script.yaml'), 'default: [hang]\n');
    const other = await spawnOne(world, ['t-2', '-p', 'work', '--', '--script', script]);
    const status = async () => (await call(world, 'status', ['status', other.name])).agent.status;
    await waitFor(async (see) => (see(await status()) === 'working' ? true : null), 'its turn');
    const before = await tip('t-2');
    expect(await refused(world, ['merge', agent.name, '--into', 't-2'], 4)).toMatchObject({
      code: 'AGENT_WORKING',
      message: expect.stringContaining(other.name),
    });
    expect(await tip('t-2')).toBe(before);
    await world.swarm(['stop', other.name]);
    expect(await merge(agent, ['--into', 't-2'])).toMatchObject({ state: 'merged' });
    expect(readFileSync(join(other.worktree ?? '', 'shared.txt'), 'utf8')).toBe(lines('three of a'));
  });

  it('runs the gate on the merged tree, and nothing moves when it fails', async () => {
    const agent = await worked('t-1', lines('three', 'ten of a'));
    writeFileSync(mine('shared.txt'), lines('one of mine'));
    await world.git(['commit', '--quiet', '-am', 'mine']);
    const before = await tip();
    gate('echo "of both: $(grep -c " of " shared.txt)"; exit 3');
    const red = await merge(agent, [], 1);
    expect(red).toMatchObject({ state: 'gate_failed', commit: null });
    expect(readFileSync(red.log ?? '', 'utf8')).toContain('of both: 2');
    expect(await tip()).toBe(before);
    expect(readdirSync(dirname(agent.worktree ?? ''))).toEqual([agent.name]);
    gate('test "$(grep -c " of " shared.txt)" = 2');
    expect(await merge(agent)).toMatchObject({ state: 'merged', removed: true });
  });

  it('has a worktree for its gate that a repair meanwhile leaves alone', async () => {
    const agent = await worked('t-1', lines('three of a'));
    const go = join(world.home, 'go');
    gate(`touch '${go}.runs'; until [ -e '${go}' ]; do sleep 0.05; done`);
    const merging = world.start(['merge', agent.name, '--json']);
    await waitFor(() => (existsSync(`${go}.runs`) ? true : null), 'the gate');
    const repair = await world.swarm(['repair', '--json']);
    writeFileSync(go, '');
    expect(repair.jsonAs<{ items: unknown[] }>().items).toEqual([]);
    expect(repair.exitCode).toBe(0);
    expect((await merging.result).exitCode).toBe(0);
  });

  it('merges anew when somebody else moves the target while the gate runs', async () => {
    const agent = await worked('t-1', lines('three', 'ten of a'));
    const once = join(world.home, 'once');
    gate(`mkdir '${once}' 2>/dev/null && git -C '${world.repo}' commit --quiet --allow-empty -m meanwhile; true`);
    expect(await merge(agent)).toMatchObject({ state: 'merged' });
    expect((await subjects()).slice(0, 2)).toEqual(['t-1: change 1', 'meanwhile']);
  });

  it('killed at any step has moved the branch or not, and leaves nothing behind', SLOW, async () => {
    gate('true');
    await merge(await worked('t-0', lines('three of 0')), ['--keep']);
    const points = pointsOf(world, 'merge');
    expect(points).toContain('merge:move:effect');
    const agent = await worked('t-1', lines('three of 1'));
    await world.git(['checkout', '--quiet', '-B', 'aside']);
    for (const point of points) {
      await world.git(['branch', '--force', 'target', 'aside']);
      await crash(world, ['merge', agent.name, '--into', 'target', '--keep'], point);
      const moved = (await tip('target')) !== (await tip('aside'));
      expect(moved).toBe(!/:(gate:.*|move:begun)$/.test(point));
      const [item] = await repairWell(world);
      expect(item?.how).toMatch(moved ? /is merged into target/ : /nothing was merged into target/);
      expect(await world.git(['show', 'target:shared.txt'])).toBe(lines(moved ? 'three of 1' : 'three of 0'));
      expect(readdirSync(dirname(agent.worktree ?? '')).filter((name) => name.startsWith('.'))).toEqual([]);
    }
  });

  it.each(['merge:move:effect', 'merge:post_merge:effect', 'rm:process:done', 'rm:record:done'])(
    'killed at %s comes to its end by a repair, also when the target has gone on',
    SLOW,
    async (point) => {
      const ran = join(world.home, 'ran');
      world.write(
        join(world.home, '.config', 'swarm', 'config.yaml'),
        `hooks: { post_merge: ["echo $SWARM_MERGE_COMMIT >> '${ran}'"] }\n`,
      );
      const agent = await worked('t-1', lines('three of a'));
      await call(world, 'task-answer', ['task', 'add', 'Change it']);
      await call(world, 'task-answer', ['task', 'claim', '1'], { env: { SWARM_AGENT: agent.name } });
      await crash(world, ['merge', agent.name], point);
      const commit = await tip();
      await world.git(['commit', '--quiet', '--allow-empty', '-m', 'meanwhile']);
      const said = (await repairWell(world)).map(({ how }) => how).join('\n');
      expect(said).toMatch(/is merged into .*, and removed/);
      expect(readFileSync(ran, 'utf8')).toBe(`${commit}\n`);
      const { task } = await call(world, 'task-answer', ['task', 'show', '1']);
      expect(task).toMatchObject({ status: 'done', result: { commit } });
      expect((await call(world, 'ls', ['ls'])).agents).toEqual([]);
      expect(await world.git(['status', '--porcelain'])).toBe('');
    },
  );

  it('takes back what a killed git had written into the checkout, and nothing of a person’s', SLOW, async () => {
    const agent = await worked('t-1', lines('three of a'));
    writeFileSync(join(agent.worktree ?? '', 'new.txt'), 'new of a\n');
    await world.git(['rm', '--quiet', 'other.txt'], agent.worktree ?? '');
    await world.git(['add', '--all'], agent.worktree ?? '');
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'more'], agent.worktree ?? '');
    writeFileSync(mine('README.md'), 'mine, uncommitted\n');
    const before = await world.git(['status', '--porcelain']);
    await crash(world, ['merge', agent.name], 'merge:move:begun');
    // As git leaves it between its files and its ref: some are written, some not yet.
    writeFileSync(mine('shared.txt'), lines('three of a'));
    writeFileSync(mine('new.txt'), 'new of a\n');
    await world.git(['add', 'new.txt']);
    const lock = join(world.repo, '.git', 'index.lock');
    writeFileSync(lock, '');
    const held = await world.swarm(['repair']);
    expect(held).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('its lock is still there') });
    rmSync(lock);
    const [item] = await repairWell(world);
    expect(item?.how).toMatch(/nothing was merged into .*, and 2 files there are as they were/);
    expect(await world.git(['status', '--porcelain'])).toBe(before);
    expect(await merge(agent)).toMatchObject({ state: 'merged' });
    expect(existsSync(mine('other.txt'))).toBe(false);
    expect(readFileSync(mine('README.md'), 'utf8')).toBe('mine, uncommitted\n');
  });
});
