import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MergeStrategy } from '../../src/git/merge-commit.ts';
import { buildMerge } from '../../src/merge/build.ts';
import type { AgentRow } from '../../src/store/schema.ts';
import { refusal } from '../git/ground.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const lines = (third = 'three', last = 'ten') => `one\ntwo\n${third}\nfour\nfive\nsix\nseven\neight\nnine\n${last}\n`;
const world = useWorld({ files: { 'shared.txt': lines() } });
const wt = () => join(world.dir, 'wt');
const tip = async (ref: string) => (await world.git(['rev-parse', ref])).trim();

async function commit(cwd: string, subject: string, content: string, name = 'shared.txt'): Promise<void> {
  writeFileSync(join(cwd, name), content);
  await world.git(['add', name], cwd);
  await world.git(['commit', '--quiet', '--no-verify', '-m', subject], cwd);
}

/** What main would become with topic. */
const build = (strategy: MergeStrategy = 'rebase') =>
  withWorldSession(world, async (session) => {
    const row = { id: 'a', name: 'worker-1', branch: 'topic', ticket: 't-1', task: null } as AgentRow;
    const target = { name: 'main', oid: await tip('main') };
    const scratch = join(world.dir, '.merge-1');
    const request = {
      session,
      row,
      target,
      tip: await tip('topic'),
      strategy,
      message: null,
      scratch,
      operation: 'op',
    };
    return buildMerge(request);
  });

describe('a merge by rebase', () => {
  beforeEach(() => world.git(['worktree', 'add', '--quiet', '-b', 'topic', wt()]));

  it('is refused where it would lose what only a merge commit holds', async () => {
    await commit(world.repo, 'main 1', 'x\n', 'main.txt');
    await commit(wt(), 'topic 1', lines('three of topic'));
    await world.git(['merge', '--quiet', '--no-commit', '--no-ff', 'main'], wt());
    await commit(wt(), 'merge', 'only here\n', 'merged.txt');
    await commit(world.repo, 'main 2', 'y\n', 'main.txt');
    const built = await build();
    expect(built).toMatchObject({ state: 'refused', files: ['merged.txt'] });
    expect(built).toHaveProperty('reason', expect.stringContaining('--strategy merge or squash'));
    expect(await build('merge')).toMatchObject({ state: 'built' });
    // Nothing but the merge's own: replayed, nothing at all would be left of it.
    await world.git(['reset', '--quiet', '--hard', 'main~1'], wt());
    await world.git(['commit', '--quiet', '--no-verify', '--allow-empty', '-m', 'empty'], wt());
    await world.git(['merge', '--quiet', '--no-commit', '--no-ff', 'main'], wt());
    await commit(wt(), 'merge', 'only here\n', 'merged.txt');
    await commit(world.repo, 'main 3', 'z\n', 'main.txt');
    expect(await build()).toMatchObject({ state: 'refused', files: ['merged.txt'] });
  });

  it('fits commit by commit where the whole does not', async () => {
    await commit(wt(), 'picked', lines('three of topic'));
    await world.git(['cherry-pick', '-x', 'topic']);
    await commit(world.repo, 'main on top', lines('three of both'));
    await commit(wt(), 'more', 'more\n', 'more.txt');
    expect(await build('merge')).toMatchObject({ state: 'conflict', files: ['shared.txt'] });
    const built = await build();
    expect(built).toMatchObject({ state: 'built' });
    const made = 'commit' in built ? built.commit : '';
    expect(await world.git(['log', '--format=%s', `main..${made}`])).toBe('more\n');
    expect(await world.git(['show', `${made}:shared.txt`])).toBe(lines('three of both'));
  });

  it('says what git said when something else than a conflict stops it', async () => {
    await commit(world.repo, 'main', 'x\n', 'main.txt');
    await commit(wt(), 'topic', lines('three of topic'));
    await world.git(['config', 'commit.gpgSign', 'true']);
    await world.git(['config', 'gpg.program', '/bin/false']);
    const error = await refusal(build());
    expect(error).toMatchObject({ code: 'NOT_COMMITTED', exit: 4 });
    expect(error.message).toContain('gpg failed to sign');
    expect(existsSync(join(world.dir, '.merge-1'))).toBe(false);
  });
});
