import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createBranch } from '../../src/git/claims.ts';
import { findRepository, type Repository } from '../../src/git/repository.ts';
import { endProcesses } from '../../src/process/end.ts';
import { processesWithEnv } from '../../src/process/identity.ts';
import { createWorktree, planWorktree, undoWorktree, type WorktreePlan } from '../../src/workspace/worktree.ts';
import { useGround } from '../git/ground.ts';
import { writeScript } from '../support/hostile.ts';
import { nodeFolder, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { options, request } from './ground.ts';

describe('undoWorktree', () => {
  const world = useGround({ files: { 'a.txt': 'a\n', '.gitignore': '*.log\n' } });
  const ready = async (): Promise<{ repo: Repository; plan: WorktreePlan }> => {
    const repo = await findRepository(world.repo);
    return { repo, plan: await planWorktree(request(repo)) };
  };
  const made = async () => {
    const { repo, plan } = await ready();
    await createWorktree(repo, plan, options());
    return { repo, plan };
  };
  /** As if nothing had ever been made; `worktrees` may stay, empty. */
  const expectNothing = async () => {
    expect(existsSync(join(world.dir, 'app.worktrees'))).toBe(false);
    expect((await world.git(['for-each-ref', '--format=%(refname)'])).trim()).toBe('refs/heads/main');
    const admin = join(world.repo, '.git/worktrees');
    expect(existsSync(admin) ? readdirSync(admin) : []).toEqual([]);
  };

  test('nothing made: nothing to undo, as often as wanted', async () => {
    const { repo, plan } = await ready();
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    await expectNothing();
  });

  test('a whole worktree', async () => {
    const { repo, plan } = await made();
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    await expectNothing();
  });

  test('only the branch', async () => {
    const { repo, plan } = await ready();
    await createBranch(repo, plan.branch, { oid: plan.start, name: 'main' }, 'op-1');
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    await expectNothing();
  });

  test('git’s own folder before it says where the worktree is, and the worktree’s folder still empty', async () => {
    const { repo, plan } = await ready();
    const admin = join(world.repo, '.git/worktrees/worker-1');
    mkdirSync(admin, { recursive: true });
    writeFileSync(join(admin, 'locked'), 'swarm: initializing op-1');
    mkdirSync(plan.path, { recursive: true });
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    await expectNothing();
  });

  test('another operation’s half-made worktree stays', async () => {
    const { repo, plan } = await ready();
    const admin = join(world.repo, '.git/worktrees/worker-1');
    mkdirSync(admin, { recursive: true });
    writeFileSync(join(admin, 'locked'), 'swarm: initializing op-2');
    await undoWorktree(repo, plan, options());
    expect(existsSync(admin)).toBe(true);
  });

  test('the folder is gone', async () => {
    const { repo, plan } = await made();
    rmSync(plan.path, { recursive: true });
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    await expectNothing();
  });

  test('copies of and links to what lies in the main worktree are no work', async () => {
    writeFileSync(join(world.repo, '.env'), 'A=1\n');
    mkdirSync(join(world.repo, 'node_modules'));
    const { repo, plan } = await made();
    writeFileSync(join(plan.path, '.env'), 'A=1\n');
    writeFileSync(join(plan.path, 'x.log'), 'ignored\n');
    symlinkSync(join(world.repo, 'node_modules'), join(plan.path, 'node_modules'));
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    await expectNothing();
    expect(existsSync(join(world.repo, 'node_modules'))).toBe(true);
  });

  test.each([
    ['a changed file', (path: string) => writeFileSync(join(path, 'a.txt'), 'mine\n'), /changed files: a.txt/],
    ['a new file', (path: string) => writeFileSync(join(path, 'new.txt'), 'mine\n'), /files of its own: new.txt/],
    ['a foreign folder', (path: string) => rmSync(join(path, '.git')), /files|worktree/],
  ])('%s stays, with the branch, and is named', async (_what, change, reason) => {
    const { repo, plan } = await made();
    change(plan.path);
    const kept = await undoWorktree(repo, plan, options());
    expect(kept.map(({ what }) => what)).toEqual(['worktree', 'branch']);
    expect(kept[0]?.reason).toMatch(reason);
    expect(existsSync(plan.path)).toBe(true);
    expect(await world.git(['branch', '--list', 'ticket-1'])).not.toBe('');
  });

  test('commits stay', async () => {
    const { repo, plan } = await made();
    await world.git(['commit', '--quiet', '--allow-empty', '-mwork'], plan.path);
    expect((await undoWorktree(repo, plan, options()))[0]?.reason).toContain('commits of its own');
    await world.git(['worktree', 'remove', plan.path]);
    expect(await undoWorktree(repo, plan, options())).toMatchObject([{ what: 'branch', name: 'ticket-1' }]);
    expect(await world.git(['branch', '--list', 'ticket-1'])).not.toBe('');
  });

  test('a branch that was there before stays', async () => {
    await world.git(['branch', 'ticket-1']);
    const { repo, plan } = await made();
    expect(await undoWorktree(repo, plan, options())).toEqual([]);
    expect(await undoWorktree(repo, { ...plan, createsBranch: true }, options())).toEqual([]);
    expect(await world.git(['branch', '--list', 'ticket-1'])).not.toBe('');
  });

  test('kill -9 of swarm and git in the middle of the checkout leaves nothing that undoing can’t take back', async () => {
    const mark = join(world.dir, 'mark');
    writeScript(join(world.bin, 'hang'), `: > "${mark}"; exec sleep 60`);
    writeFileSync(join(world.repo, '.gitattributes'), 'a.txt filter=hang\n');
    await world.git(['add', '.gitattributes']);
    await world.git(['commit', '--quiet', '-mattributes']);
    await world.git(['config', 'filter.hang.smudge', 'hang']);
    const script = fileURLToPath(new URL('make-worktree.ts', import.meta.url));
    const maker = start([join(nodeFolder, 'node'), script], { cwd: world.repo, env: world.env });
    await waitFor(() => (existsSync(mark) ? true : null), 'the checkout');
    maker.child.kill('SIGKILL');
    await endProcesses(await processesWithEnv('SWARM_OP', 'op-killed'));
    const plan = JSON.parse(maker.stdout()) as WorktreePlan;
    expect(existsSync(plan.path)).toBe(true);
    expect(await undoWorktree(await findRepository(world.repo), plan, options('op-killed'))).toEqual([]);
    await expectNothing();
    await maker.result;
  });
});
