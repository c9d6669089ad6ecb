import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newAgentRow } from '../../src/agents/records.ts';
import { commitAll } from '../../src/git/commit.ts';
import { makeCommit } from '../../src/git/merge-commit.ts';
import { moveBranch } from '../../src/git/move-branch.ts';
import { commitsOf } from '../../src/merge/message.ts';
import { targetOf } from '../../src/merge/target.ts';
import { targetsOf } from '../../src/merge/targets.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({ hostile: true, files: { '.gitignore': 'ignored.txt\n' } });
const oid = async (ref: string) => (await world.git(['rev-parse', ref])).trim();

it('says what is wrong with signing, an own branch and a folder with a quote, and names an ignored file', async () => {
  await withWorldSession(world, async (session) => {
    const { repo } = session;
    const tree = await oid('HEAD^{tree}');
    const before = await oid('main');
    await world.git(['config', 'gpg.program', 'false']);
    await world.git(['config', 'commit.gpgSign', 'true']);
    const signed = makeCommit(repo, { tree, parents: [before], message: 'one\n' });
    await expect(signed).rejects.toMatchObject({ hint: expect.stringContaining('commit-tree -S') });
    await world.git(['config', 'commit.gpgSign', 'false']);

    await world.git(['checkout', '--quiet', '-b', 'other']);
    world.write('ignored.txt', 'theirs\n');
    await world.git(['add', '--force', 'ignored.txt']);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'other']);
    const to = await oid('other');
    await world.git(['checkout', '--quiet', 'main']);
    world.write('ignored.txt', 'mine\n');
    const move = { branch: 'main', from: before, to, reason: 'test', operation: 'test' };
    expect(await moveBranch(repo, move)).toMatchObject({ state: 'refused', files: ['ignored.txt'] });

    const row = { ...newAgentRow({} as never), name: 'worker-1', branch: 'other', base: 'main' };
    await expect(targetOf(session, row, 'other')).rejects.toMatchObject({ hint: 'swarm merge worker-1 --into main' });

    const hooks = join(world.dir, 'hooks');
    chmodSync(world.write(join(hooks, 'pre-commit'), '#!/bin/sh\nexit 1\n'), 0o755);
    await world.git(['config', 'core.hooksPath', hooks]);
    world.write('new.txt', 'new\n');
    const hint = `git -C '${world.repo.replaceAll("'", "'\\''")}' status`;
    await expect(commitAll(world.repo, 'new\n', [])).rejects.toMatchObject({ hint });
  });
});

it('takes work back to the branch that it started from, never into another one in its place', async () => {
  const origin = join(world.dir, 'origin.git');
  await world.git(['init', '--quiet', '--bare', origin]);
  await world.git(['remote', 'add', 'origin', origin]);
  await world.git(['push', '--quiet', 'origin', 'main', 'main:release', 'main:release-2']);
  await world.git(['fetch', '--quiet', 'origin']);
  await world.git(['branch', 'release']);
  await world.git(['tag', 'v1']);
  await withWorldSession(world, async (session) => {
    const from = (base: string, wanted: string | null = null) => {
      const row = { ...newAgentRow({} as never), name: 'worker-1', branch: 'other', base };
      return targetOf(session, row, wanted);
    };
    const target = async (base: string) => (await from(base)).name;
    expect(await target('origin/release')).toBe('release');
    expect([await target('v1'), await target(await oid('main')), await target('gone')]).toEqual([
      'main',
      'main',
      'main',
    ]);
    const start = 'git branch release-2 origin/release-2';
    await expect(from('origin/release-2')).rejects.toMatchObject({ code: 'NO_SUCH_BRANCH', hint: start });
    await expect(from('main', 'release-2')).rejects.toMatchObject({ hint: start });
    const rows = [{ ...newAgentRow({} as never), id: 'a', branch: 'other', base: 'origin/release-2' }];
    expect((await targetsOf(session, rows)).get('a')).toMatchObject({ name: 'origin/release-2' });
    // What names a commit and no branch could not be moved.
    for (const wanted of ['main~0', 'mian', 'origin/main']) {
      const hint = 'swarm merge worker-1 --into main';
      await expect(from('main', wanted)).rejects.toMatchObject({ code: 'NO_SUCH_BRANCH', exit: 2, hint });
    }
  });
});

it('names every commit that has a message, also after one that has none', async () => {
  const base = await oid('HEAD');
  for (const message of ['first\n\nwhy', '', 'last'])
    await world.git(['commit', '--quiet', '--no-verify', '--allow-empty', '--allow-empty-message', '-m', message]);
  const work = { base, tip: await oid('HEAD') };
  expect(await withWorldSession(world, (session) => commitsOf(session, work))).toEqual([
    { subject: 'first', body: 'first\n\nwhy\n' },
    { subject: 'last', body: 'last\n' },
  ]);
});
