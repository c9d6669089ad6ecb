import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lossesOf } from '../../src/git/losses.ts';
import { findRepository, type Repository } from '../../src/git/repository.ts';
import {
  isSetAside,
  listTrash,
  type RemovalRequest,
  removeWorktree,
  restoreWorktree,
  sweepTrash,
} from '../../src/workspace/removal.ts';
import { createWorktree, planWorktree } from '../../src/workspace/worktree.ts';
import { refusal, useGround } from '../git/ground.ts';
import { options, request } from './ground.ts';

describe.each([{ hostile: false }, { hostile: true }])('removal, hostile: $hostile', ({ hostile }) => {
  const world = useGround({ hostile, files: { 'a.txt': 'a\n', '.gitignore': '*.log\n' } });
  let repo: Repository;
  let wt = '';
  beforeEach(async () => {
    repo = await findRepository(world.repo);
    wt = await spawn('worker-1', 'ticket-1');
  });
  const spawn = async (agentName: string, ticket: string, more: Parameters<typeof request>[1] = {}) => {
    const plan = await planWorktree(request(repo, { agentName, ticket, ...more }));
    await createWorktree(repo, plan, options());
    return plan.path;
  };
  const remove = (more: Partial<RemovalRequest> = {}) =>
    removeWorktree({
      ...options('op-rm'),
      repo,
      id: 'rm-1',
      worktree: wt,
      branch: 'ticket-1',
      expectedTip: null,
      deleteBranch: false,
      ...more,
    });
  const restore = (id = 'rm-1') => restoreWorktree({ ...options('op-restore'), repo, id });
  const oid = async (ref: string, cwd = world.repo) => (await world.git(['rev-parse', ref], cwd)).trim();
  const commit = (cwd = wt) => world.git(['commit', '--quiet', '--no-verify', '--allow-empty', '-m', 'work'], cwd);
  const hasBranch = async (name: string) => (await world.git(['for-each-ref', `refs/heads/${name}`])) !== '';
  const status = (cwd = wt) =>
    world.git(['status', '--porcelain=v2', '--branch', '--untracked-files=all', '--ignored'], cwd);
  /** Staged, unstaged, untracked and ignored work. */
  const work = () => {
    writeFileSync(join(wt, 'staged.txt'), 'staged\n');
    return world.git(['add', 'staged.txt'], wt).then(() => {
      writeFileSync(join(wt, 'a.txt'), 'changed\n');
      writeFileSync(join(wt, 'new.txt'), 'new\n');
      writeFileSync(join(wt, 'x.log'), 'ignored\n');
    });
  };

  test('sets the worktree aside and deletes exactly the recorded branch; restoring brings back all of it', async () => {
    await commit();
    await work();
    const before = await status();
    const tip = await oid('ticket-1');
    const removed = await remove({ deleteBranch: true, expectedTip: tip });
    expect(removed).toMatchObject({ id: 'rm-1', branch: 'ticket-1', tip, outcome: 'deleted' });
    expect(removed.trash).toBe(join(repo.stateDir, 'trash', 'rm-1'));
    expect(statSync(join(repo.stateDir, 'trash')).mode & 0o777).toBe(0o700);
    expect(existsSync(join(world.dir, 'app.worktrees'))).toBe(false);
    expect(await hasBranch('ticket-1')).toBe(false);
    await world.git(['worktree', 'prune', '--expire=now']);
    await world.git(['reflog', 'expire', '--expire=now', '--all']);
    await world.git(['gc', '--quiet', '--prune=now']);
    expect(await restore()).toMatchObject({ path: wt, branch: 'ticket-1' });
    expect(await status()).toBe(before);
    expect(readFileSync(join(wt, 'x.log'), 'utf8')).toBe('ignored\n');
    expect(await oid('ticket-1')).toBe(tip);
    expect(await listTrash(repo)).toEqual([]);
    expect(await world.git(['for-each-ref', 'refs/swarm'])).toBe('');
    expect(await world.git(['worktree', 'list', '--porcelain'])).not.toContain('locked');
  });

  test('a kept branch is free for the next agent of the ticket; then the old worktree can’t come back over it', async () => {
    await commit();
    expect((await remove()).outcome).toBe('kept');
    const next = await spawn('worker-2', 'ticket-1');
    expect(await oid('HEAD', next)).toBe(await oid('ticket-1'));
    expect(await refusal(restore())).toMatchObject({ code: 'BRANCH_TAKEN', exit: 4 });
    await commit(next);
    await remove({ id: 'rm-2', worktree: next });
    const error = await refusal(restore());
    expect(error.message).toContain('now, not to');
    expect(error.hint).toContain('git branch ticket-1-restored ');
    expect((await restore('rm-2')).path).toBe(next);
  });

  test('a deleted branch can be taken by a new agent, and the folder too', async () => {
    await commit();
    await remove({ deleteBranch: true });
    await spawn('worker-1', 'ticket-1');
    expect(await refusal(restore())).toMatchObject({ code: 'PATH_EXISTS', exit: 4 });
    expect((await listTrash(repo)).map(({ id }) => id)).toEqual(['rm-1']);
  });

  test('the branch that an agent checked out in place of its own is never deleted', async () => {
    await world.git(['checkout', '--quiet', '-b', 'precious'], wt);
    await commit();
    const precious = await oid('precious');
    expect((await remove({ deleteBranch: true })).outcome).toBe('deleted');
    expect(await oid('precious')).toBe(precious);
    await restore();
    expect((await world.git(['symbolic-ref', '--short', 'HEAD'], wt)).trim()).toBe('precious');
    expect(await hasBranch('ticket-1')).toBe(true);
  });

  test('branches whose names look alike are told apart', async () => {
    await world.git(['branch', 'ticket/1']);
    await remove({ deleteBranch: true });
    expect(await hasBranch('ticket/1')).toBe(true);
  });

  test('a branch that moved since its losses were read is not deleted', async () => {
    const { tip } = await lossesOf({ repo, worktree: wt, branch: 'ticket-1', targets: [] });
    await commit();
    const now = await oid('ticket-1');
    expect(await remove({ expectedTip: tip, deleteBranch: true })).toMatchObject({ outcome: 'moved', tip: now });
    expect(await oid('ticket-1')).toBe(now);
    await restore();
    expect(await oid('HEAD', wt)).toBe(now);
  });

  test('a branch that another worktree has checked out stays', async () => {
    await world.git(['checkout', '--quiet', '--detach'], wt);
    await world.git(['checkout', '--quiet', 'ticket-1']);
    expect((await remove({ deleteBranch: true })).outcome).toBe('in-use');
    expect(await hasBranch('ticket-1')).toBe(true);
  });

  test('main, foreign, locked and nesting worktrees are refused', async () => {
    const refused = async (code: string, worktree: string) => {
      expect(await refusal(remove({ worktree, branch: null })), code).toMatchObject({ code, exit: 4 });
      expect(existsSync(worktree)).toBe(true);
    };
    await refused('MAIN_WORKTREE', world.repo);
    const sibling = join(world.dir, 'worker-1');
    mkdirSync(sibling);
    writeFileSync(join(sibling, 'work.txt'), 'mine\n');
    await refused('NOT_A_WORKTREE', sibling);
    const other = join(world.dir, 'other');
    await world.git(['clone', '--quiet', world.repo, other]);
    await world.git(['worktree', 'add', '--quiet', join(world.dir, 'theirs')], other);
    await refused('NOT_A_WORKTREE', other);
    await refused('NOT_A_WORKTREE', join(world.dir, 'theirs'));
    await world.git(['worktree', 'add', '--quiet', '--detach', join(wt, 'inner')]);
    await refused('WORKTREE_HOLDS_ANOTHER', wt);
    await world.git(['worktree', 'lock', '--reason', 'on a stick', wt]);
    await refused('WORKTREE_LOCKED', wt);
  });

  test('a registered path that holds something else by now is refused', async () => {
    rmSync(wt, { recursive: true });
    await world.git(['clone', '--quiet', world.repo, wt]);
    expect(await refusal(remove())).toMatchObject({ code: 'NOT_A_WORKTREE', exit: 4 });
  });

  test('a worktree whose folder is gone: the branch is freed, the commits are kept', async () => {
    await commit();
    const tip = await oid('ticket-1');
    rmSync(wt, { recursive: true });
    expect(await remove({ deleteBranch: true, expectedTip: tip })).toMatchObject({
      trash: null,
      outcome: 'deleted',
      tip,
    });
    expect(await hasBranch('ticket-1')).toBe(false);
    await restore();
    expect(await oid('HEAD', wt)).toBe(tip);
    expect(await status()).toContain('# branch.head ticket-1');
    expect(await isSetAside(repo, 'rm-1')).toBe(false);
  });

  test('a worktree whose folder and record are gone comes back from its branch', async () => {
    await commit();
    const tip = await oid('ticket-1');
    rmSync(wt, { recursive: true });
    await world.git(['worktree', 'prune', '--expire=now']);
    await remove({ deleteBranch: true, expectedTip: tip });
    await world.git(['gc', '--quiet', '--prune=now']);
    await restore();
    expect(await oid('HEAD', wt)).toBe(tip);
    rmSync(wt, { recursive: true });
    await remove({ id: 'rm-2', deleteBranch: true });
    await sweepTrash(repo, 0);
    expect(await world.git(['for-each-ref', 'refs/swarm'])).toBe('');
    expect(await world.git(['worktree', 'list'])).not.toContain(wt);
  });

  test('a merge in progress comes back in progress, a rebase does not hold the branch meanwhile', async () => {
    writeFileSync(join(world.repo, 'a.txt'), 'main\n');
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'main']);
    writeFileSync(join(wt, 'a.txt'), 'topic\n');
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'topic'], wt);
    await world.git(['merge', 'main'], wt).catch(() => null);
    const before = await status();
    await remove();
    await restore();
    expect(await status()).toBe(before);
    expect(await oid('MERGE_HEAD', wt)).toBe(await oid('main'));
    await world.git(['merge', '--abort'], wt);
    await world.git(['rebase', 'main'], wt).catch(() => null);
    await remove({ id: 'rm-2' });
    const next = await spawn('worker-2', 'ticket-1');
    await world.git(['worktree', 'remove', '--force', next]);
    await restore('rm-2');
    await world.git(['rebase', '--abort'], wt);
    expect((await world.git(['symbolic-ref', '--short', 'HEAD'], wt)).trim()).toBe('ticket-1');
  });

  test('an upstream comes back with its branch', async () => {
    await world.git(['config', 'branch.ticket-1.remote', 'origin']);
    await world.git(['config', 'branch.ticket-1.merge', 'refs/heads/ticket-1']);
    await remove({ deleteBranch: true });
    expect(await world.git(['config', '--local', '--list'])).not.toContain('ticket-1');
    await restore();
    expect((await world.git(['config', 'branch.ticket-1.merge'])).trim()).toBe('refs/heads/ticket-1');
  });

  test('with submodules of its own', async () => {
    await world.git(['clone', '--quiet', world.repo, join(world.dir, 'part')]);
    await world.git(
      ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(world.dir, 'part'), 'part'],
      wt,
    );
    writeFileSync(join(wt, 'part', 'new.txt'), 'x\n');
    const before = [await status(), await status(join(wt, 'part'))];
    await remove();
    await restore();
    expect([await status(), await status(join(wt, 'part'))]).toEqual(before);
  });

  test('removing and restoring again go on where they stopped', async () => {
    await commit();
    await work();
    const before = await status();
    const first = await remove({ deleteBranch: true });
    expect(await remove({ deleteBranch: true })).toEqual(first);
    // As after a kill between the move and what follows: git still looks for the worktree in its old place.
    const admin = join(world.repo, '.git/worktrees/worker-1');
    writeFileSync(join(admin, 'gitdir'), `${join(wt, '.git')}\n`);
    expect(await remove({ deleteBranch: true })).toEqual(first);
    // As after a kill in the middle of restoring: the branch is there, the worktree is not.
    await world.git(['branch', 'ticket-1', first.tip ?? '']);
    await restore();
    expect(await status()).toBe(before);
    expect(await refusal(restore())).toMatchObject({ code: 'NOT_IN_TRASH', exit: 3 });
  });

  test('a removal that stopped before the move can be taken back', async () => {
    await work();
    const before = await status();
    const { trash } = await remove();
    // As if it had never been moved.
    mkdirSync(join(world.dir, 'app.worktrees'));
    await world.git(['worktree', 'unlock', trash ?? '']);
    await world.git(['worktree', 'move', trash ?? '', wt]);
    await restore();
    expect(await status()).toBe(before);
  });

  test('on another disk it is set aside beside its place', async () => {
    const far = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : realpathSync(tmpdir()), 'swarm-far-'));
    try {
      wt = await spawn('worker-2', 'far', { dir: join(far, '{{repo}}') });
      writeFileSync(join(wt, 'new.txt'), 'new\n');
      const { trash } = await remove({ branch: 'far' });
      const sameDisk = statSync(far).dev === statSync(repo.stateDir).dev;
      expect(trash).toBe(sameDisk ? join(repo.stateDir, 'trash/rm-1') : join(far, 'app/.swarm-trash/rm-1'));
      await restore();
      expect(readFileSync(join(wt, 'new.txt'), 'utf8')).toBe('new\n');
      expect(readdirSync(join(far, 'app'))).toEqual(['worker-2']);
    } finally {
      rmSync(far, { recursive: true });
    }
  });

  test('sweeping removes what is old, and only that', async () => {
    await commit();
    const { tip } = await remove({ deleteBranch: true });
    expect(await sweepTrash(repo)).toEqual([]);
    expect(await listTrash(repo)).toMatchObject([{ id: 'rm-1', tip }]);
    expect((await sweepTrash(repo, 0)).map(({ id }) => id)).toEqual(['rm-1']);
    expect(readdirSync(join(repo.stateDir, 'trash'))).toEqual([]);
    expect(await world.git(['for-each-ref', 'refs/swarm'])).toBe('');
    expect(readdirSync(join(world.repo, '.git/worktrees'))).toEqual([]);
    expect(await refusal(restore())).toMatchObject({ code: 'NOT_IN_TRASH' });
    expect(await refusal(restore('../../../etc'))).toMatchObject({ code: 'NOT_IN_TRASH' });
  });
});
