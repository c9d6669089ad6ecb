import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standingOf } from '../../src/merge/queue/standing.ts';
import { crash, SLOW } from '../crash/support.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';
import { unwatched } from './unwatched.ts';

const world = useWorld({ files: { 'shared.txt': 'one\ntwo\nthree\n', 'mine.txt': 'mine\n' } });
const queue = async (words: readonly string[], exit = 0) =>
  (await call(world, 'queue', ['queue', ...words], { exit })).queue;
const log = async (range: string) => (await world.git(['log', '--reverse', '--format=%s', range])).trim().split('\n');

/** What the gate lets pass: no file of a bad one, and of each pair that don't go together the first. */
const GATE = 'test -z "$(ls bad-* 2>/dev/null)" && test "$(ls pair-* 2>/dev/null | wc -l)" -lt 2';

function config(target: World): void {
  const file = join(target.home, '.config', 'swarm', 'config.yaml');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `merge: { gate: ${JSON.stringify(GATE)} }\nlimits: { agents: 50 }\n`);
}

/** Shell agents, each with one commit that makes its file, or changes the shared one. */
async function team(files: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const [index, file] of files.entries()) {
    const { name, worktree } = await spawnOne(world, [`t-${index}`, '--no-wait']);
    const cwd = worktree ?? '';
    writeFileSync(join(cwd, file), `of ${index}\n`);
    await world.git(['add', '--all'], cwd);
    await world.git(['commit', '--quiet', '--no-verify', '-m', `add ${file} (${index})`], cwd);
    names.push(name);
  }
  const rest = async () => (await call(world, 'ls', ['ls'])).agents.every(({ status }) => status === 'idle');
  await waitFor(async () => ((await rest()) ? true : null), 'agents that rest', 60_000);
  await unwatched(world);
  return names;
}

describe('the merge queue', () => {
  it('lands exactly what passes, killed at every step, and leaves a person’s checkout alone', SLOW, async () => {
    config(world);
    const kinds = ['good', 'bad', 'shared', 'pair', 'good'];
    const files = Array.from({ length: 20 }, (_, n) => {
      const kind = kinds[n % kinds.length] ?? '';
      return kind === 'shared' ? 'shared.txt' : `${kind}-${n}.txt`;
    });
    const names = await team(files);
    const start = (await world.git(['rev-parse', 'HEAD'])).trim();
    writeFileSync(join(world.repo, 'mine.txt'), 'not committed\n');
    writeFileSync(join(world.repo, 'untracked.txt'), 'not tracked\n');
    await queue(['add', ...names]);

    for (const step of ['gate', 'move', 'task', 'post_merge']) {
      for (const phase of ['begun', 'effect', 'done']) await crash(world, ['queue', 'run'], `merge:${step}:${phase}`);
    }
    await queue(['run'], 1);

    const entries = await queue(['list', '--all']);
    const landed = entries.filter(({ state }) => state === 'merged').map(({ agent }) => names.indexOf(agent));
    const returned = entries.filter(({ state }) => state === 'returned').map(({ agent }) => names.indexOf(agent));
    // Of those that change one file, or don't pass together, the first is in; of the bad ones none.
    const first = (kind: string) => files.findIndex((file) => file.startsWith(kind));
    const expected = files.flatMap((file, n) =>
      file.startsWith('good') || n === first('shared') || n === first('pair') ? [n] : [],
    );
    expect(landed.toSorted((a, b) => a - b)).toEqual(expected);
    expect(returned.toSorted((a, b) => a - b)).toEqual(files.flatMap((_, n) => (expected.includes(n) ? [] : [n])));
    expect((await log(`${start}..HEAD`)).map((subject) => Number(/\((\d+)\)$/.exec(subject)?.[1]))).toEqual(expected);

    const scratch = join(world.home, 'each');
    await world.git(['worktree', 'add', '--quiet', '--detach', scratch, start]);
    for (const commit of (await world.git(['rev-list', `${start}..HEAD`])).trim().split('\n')) {
      await world.git(['checkout', '--quiet', '--detach', commit], scratch);
      await world.git(['-c', `alias.gate=!${GATE}`, 'gate'], scratch);
    }
    await world.git(['worktree', 'remove', '--force', scratch]);
    expect(readFileSync(join(world.repo, 'mine.txt'), 'utf8')).toBe('not committed\n');
    expect((await world.git(['status', '--porcelain'])).trim()).toBe('M mine.txt\n?? untracked.txt');
    expect((await world.git(['worktree', 'list'])).includes('.merge-')).toBe(false);
    const { exitCode } = await world.swarm(['repair']);
    expect(exitCode).toBe(0);
  });

  it('is worked off by the supervisor, by priority, dependencies first, and rests when told', SLOW, async () => {
    const [a, b, c] = await team(['a.txt', 'b.txt', 'c.txt']);
    await call(world, 'task-answer', ['task', 'add', 'first']);
    await call(world, 'task-answer', ['task', 'add', 'second', '-d', '1']);
    await call(world, 'task-answer', ['task', 'claim', '1'], { env: { SWARM_AGENT: c ?? '' } });
    await call(world, 'task-answer', ['task', 'complete', '1', 'done'], { env: { SWARM_AGENT: c } });
    await call(world, 'task-answer', ['task', 'claim', '2'], { env: { SWARM_AGENT: a ?? '' } });
    await queue(['pause', 'release day']);
    await queue(['add', a ?? '', '-P', '1']);
    await queue(['add', b ?? '', c ?? '']);
    expect(await refused(world, ['queue', 'add', a ?? ''], 4)).toMatchObject({ code: 'QUEUED_ALREADY' });
    expect((await call(world, 'queue', ['queue', 'list'])).paused).toBe('release day');
    await queue(['rm', b ?? '']);
    expect(await refused(world, ['queue', 'rm', b ?? ''], 3)).toMatchObject({ code: 'NOT_QUEUED' });
    await queue(['add', b ?? '']);
    expect((await queue(['run'])).map(({ agent }) => agent)).toEqual([c, a, b]);

    const [d] = await team(['d.txt']);
    await call(world, 'up', ['up']);
    await queue(['add', d ?? '']);
    const over = async () => ((await queue(['list'])).length === 0 ? true : null);
    await waitFor(over, 'the supervisor’s turn', 30_000);
    expect(await log('HEAD~1..HEAD')).toEqual(['add d.txt (0)']);
    await call(world, 'down', ['down']);
  });

  it('gives a conflict back as a task, and merges when that is done', SLOW, async () => {
    const [a, b] = await team(['shared.txt', 'shared.txt']);
    await queue(['add', a ?? '']);
    await queue(['run']);
    const { merge } = await call(world, 'merge', ['merge', b ?? '', '--rework'], { exit: 1 });
    expect(merge).toMatchObject({
      state: 'conflict',
      files: ['shared.txt'],
      notes: [expect.stringContaining('task-001')],
    });
    expect(await queue(['list'])).toMatchObject([{ agent: b, state: 'rework', task: 'task-001' }]);
    expect(await queue(['run'])).toEqual([]);
    const { task } = await call(world, 'task-answer', ['task', 'show', '1']);
    expect(task).toMatchObject({ claimedBy: b, context: { files: ['shared.txt'] } });
    expect(task?.description).toMatch(/git rebase .*shared\.txt.*<<<<<<< .*of 0\n=======\nof 1\n>>>>>>> /s);
    const cwd = (await call(world, 'status', ['status', b ?? ''])).agent.worktree ?? '';
    const main = (await world.git(['branch', '--show-current'])).trim();
    await world.git(['rebase', '--quiet', '-X', 'theirs', main], cwd);
    await call(world, 'task-answer', ['task', 'complete', '1', 'rebased'], { env: { SWARM_AGENT: b } });
    expect(await queue(['run'])).toMatchObject([{ agent: b, state: 'merged' }]);
    expect(await world.git(['show', 'HEAD:shared.txt'])).toBe('of 1\n');
  });

  it('passes over a merge into a branch whose checkout is gone or broken, and goes on', SLOW, async () => {
    const [a, b] = await team(['a.txt', 'b.txt']);
    const rel = join(world.dir, 'rel');
    const states = (turns: Awaited<ReturnType<typeof queue>>) =>
      Object.fromEntries(turns.map(({ agent, state }) => [agent, state]));
    const reason = async () => (await queue(['list'])).find(({ agent }) => agent === a)?.reason;
    await world.git(['worktree', 'add', '--quiet', '-b', 'release', rel]);
    rmSync(rel, { recursive: true });
    await queue(['add', a ?? '', '--into', 'release', '--keep', '-P', '1']);
    await queue(['add', b ?? '', '--keep']);
    expect(states(await queue(['run']))).toEqual({ [a ?? '']: 'queued', [b ?? '']: 'merged' });
    expect(await reason()).toContain('that folder is gone');
    expect(await refused(world, ['merge', a ?? '', '--into', 'release'], 4)).toMatchObject({
      hint: expect.stringContaining('worktree prune'),
    });
    await world.git(['worktree', 'prune']);
    await world.git(['worktree', 'add', '--quiet', rel, 'release']);
    const link = readFileSync(join(rel, '.git'), 'utf8');
    writeFileSync(join(rel, '.git'), 'no git file\n');
    expect(states(await queue(['run'], 4))).toEqual({ [a ?? '']: 'queued' });
    expect((await call(world, 'queue', ['queue', 'list'])).paused).toBeNull();
    writeFileSync(join(rel, '.git'), link);
    expect(states(await queue(['run']))).toEqual({ [a ?? '']: 'merged' });
  });

  it('knows when what refused a merge is no longer so', SLOW, async () => {
    const [a = ''] = await team(['a.txt']);
    const second = join(world.dir, 'second');
    const standing = (id: number) => withWorldSession(world, (session) => standingOf(session, id));
    const turn = async () => {
      const [entry] = await queue(['run'], 4);
      return { id: entry?.id ?? 0, why: entry?.reason, files: entry?.result?.files };
    };
    await world.git(['worktree', 'add', '--quiet', '--force', second, 'main']);
    await queue(['add', a]);
    const { id, why } = await turn();
    expect(why).toContain('only one can move with it');
    const twice = await standing(id);
    expect(await standing(id)).toBe(twice);
    await world.git(['worktree', 'remove', second]);
    expect(await standing(id)).not.toBe(twice);

    world.write('.git/info/exclude', 'a.txt\n');
    world.write('a.txt', 'ignored\n');
    expect((await turn()).files).toEqual(['a.txt']);
    const ignored = await standing(id);
    expect(await standing(id)).toBe(ignored);
    rmSync(join(world.repo, 'a.txt'));
    expect(await standing(id)).not.toBe(ignored);
    expect(await queue(['run'])).toMatchObject([{ state: 'merged' }]);
  });
});
