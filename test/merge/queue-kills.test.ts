import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { audit } from '../crash/audit.ts';
import { agents, crash, forEach, pointsOf, repairWell, well } from '../crash/support.ts';
import { call, refused } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { unwatched } from './unwatched.ts';

/** Fifty processes that are killed, one after the other. */
const LONG = { timeout: 900_000 };
const world = useWorld({ files: { 'mine.txt': 'mine\n' } });
const queue = async (words: readonly string[], exit = 0) =>
  (await call(world, 'queue', ['queue', ...words], { exit })).queue;
const log = async (range: string, format: string) =>
  (await world.git(['log', '--reverse', `--format=${format}`, range])).split('\n').filter(Boolean);

/** Shells that rest, each with a commit that makes its file, and with a task that it holds. */
async function team(count: number): Promise<Agent[]> {
  const tickets = Array.from({ length: count }, (_, n) => `t-${n}`);
  const made = (await well<{ agents: Agent[] }>(world, ['spawn', ...tickets, '--agent', 'shell', '--no-wait'])).agents;
  for (const { name, worktree } of made) {
    writeFileSync(join(worktree ?? '', `${name}.txt`), `of ${name}\n`);
    await world.git(['add', '--all'], worktree ?? '');
    await world.git(['commit', '--quiet', '--no-verify', '-m', name], worktree ?? '');
    const { task } = await call(world, 'task-answer', ['task', 'add', `Work of ${name}`]);
    await call(world, 'task-answer', ['task', 'claim', task?.id ?? ''], { env: { SWARM_AGENT: name } });
  }
  const rest = async () => (await agents(world)).every(({ status }) => status === 'idle');
  await waitFor(async () => ((await rest()) ? true : null), 'agents that rest', 60_000);
  await unwatched(world);
  return made;
}

describe('the merge queue, killed', () => {
  it('at every step of a merge and of the removal after it, does each of them once and to its end', LONG, async () => {
    const ran = join(world.home, 'ran');
    const config = join(world.home, '.config', 'swarm', 'config.yaml');
    mkdirSync(dirname(config), { recursive: true });
    const post = `post_merge: ["echo $SWARM_MERGE_COMMIT >> '${ran}'"]`;
    const hooks = `hooks: { pre_remove: ["true"], post_remove: ["true"], ${post} }\n`;
    writeFileSync(config, `merge: { gate: "true" }\nlimits: { agents: 50 }\n${hooks}`);
    const all = await team(7);
    const start = (await world.git(['rev-parse', 'HEAD'])).trim();
    writeFileSync(join(world.repo, 'mine.txt'), 'not committed\n');
    writeFileSync(join(world.repo, 'untracked.txt'), 'not tracked\n');
    await queue(['add', all[0]?.name ?? '']);
    await queue(['run']);
    const merge = pointsOf(world, 'merge');
    const within = merge.indexOf('merge:remove:begun') + 1;
    // In the order in which a merge comes by them: the next call goes on with it up to the next one.
    const points = [...merge.slice(0, within), ...pointsOf(world, 'rm'), ...merge.slice(within)];
    expect(points).toContain('rm:record:done');

    await queue(['add', ...all.slice(1).map(({ name }) => name)]);
    for (const point of points) await crash(world, ['queue', 'run'], point);
    await queue(['run']);

    expect((await queue(['list', '--all'])).map(({ state }) => state)).toEqual(all.map(() => 'merged'));
    expect(await log(`${start}..HEAD`, '%s')).toEqual(all.map(({ name }) => name));
    const commits = await log(`${start}..HEAD`, '%H');
    const hooked = readFileSync(ran, 'utf8').trim().split('\n');
    expect(hooked).toEqual(commits.filter((commit) => hooked.includes(commit)));
    const { tasks } = await call(world, 'tasks', ['task', 'list']);
    expect(tasks.map(({ status, result }) => `${status} ${result?.commit}`)).toEqual(
      commits.map((commit) => `done ${commit}`),
    );
    expect(await agents(world)).toEqual([]);
    expect(await repairWell(world)).toEqual([]);
    expect(await audit(world)).toEqual([]);
    expect(readFileSync(join(world.repo, 'mine.txt'), 'utf8')).toBe('not committed\n');
    expect((await world.git(['status', '--porcelain'])).trim()).toBe('M mine.txt\n?? untracked.txt');
  });

  it('or left by its agents, keeps no entry that waits for nothing', LONG, async () => {
    const names = (await team(5)).map(({ name }) => name);
    const [a, b, c, d, e] = names as [string, string, string, string, string];
    await queue(['add', ...names]);
    await crash(world, ['queue', 'run'], 'merge:move:begun');
    expect(await queue(['rm', a])).toMatchObject([{ agent: a, state: 'removed' }]);
    await forEach([b, c], String, (name) => well(world, ['rm', name, '--delete-branch']));
    expect(await queue(['rm', b])).toMatchObject([{ agent: b, state: 'removed' }]);
    expect(await refused(world, ['queue', 'rm', b], 3)).toMatchObject({ code: 'NO_SUCH_AGENT' });
    await call(world, 'merge', ['merge', d]);
    const over = await queue(['run'], 1);
    expect(over.map(({ agent, state, reason }) => [agent, state, reason])).toEqual([
      [c, 'returned', 'its agent is gone'],
      [d, 'merged', null],
      [e, 'merged', null],
    ]);
    expect(await queue(['list'])).toEqual([]);
  });
});
