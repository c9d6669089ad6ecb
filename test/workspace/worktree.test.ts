import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRepository } from '../../src/git/repository.ts';
import { listWorktrees } from '../../src/git/worktrees.ts';
import { createWorktree, planWorktree, undoWorktree } from '../../src/workspace/worktree.ts';
import { refusal, useGround } from '../git/ground.ts';
import { writeScript } from '../support/hostile.ts';
import { options, request } from './ground.ts';

describe.each([{ hostile: false }, { hostile: true }])('worktrees, hostile: $hostile', ({ hostile }) => {
  const world = useGround({ hostile, files: { 'src/a.txt': 'a\n', 'docs/b.txt': 'b\n' } });
  const oid = async (ref: string, cwd = world.repo) => (await world.git(['rev-parse', ref], cwd)).trim();
  const plan = async (more: Parameters<typeof request>[1] = {}, cwd = world.repo) =>
    planWorktree(request(await findRepository(cwd), more));
  const make = async (more: Parameters<typeof request>[1] = {}) => {
    const planned = await plan(more);
    const notes = await createWorktree(await findRepository(world.repo), planned, options());
    return { ...planned, notes };
  };
  const branches = async () =>
    (await world.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads'])).trim().split('\n');

  test('a new branch from the default branch, beside the repository', async () => {
    const made = await make({ ticket: 'ticket 42' });
    expect(made).toMatchObject({
      path: join(world.dir, 'app.worktrees', 'worker-1'),
      branch: 'ticket-42',
      createsBranch: true,
      base: { name: 'main', oid: await oid('main') },
      upstream: null,
    });
    expect(await world.git(['status', '--porcelain', '--untracked-files=all'], made.path)).toBe('');
    expect(readFileSync(join(made.path, 'src/a.txt'), 'utf8')).toBe('a\n');
    expect((await world.git(['symbolic-ref', 'HEAD'], made.path)).trim()).toBe('refs/heads/ticket-42');
    const listed = await listWorktrees(await findRepository(world.repo));
    expect(listed.at(-1)).toMatchObject({ path: made.path, branch: 'ticket-42', locked: null });
    await world.git(['config', '--get', 'branch.ticket-42.merge']).then(
      () => expect.unreachable('a new branch follows nothing'),
      () => null,
    );
  });

  test('from a linked worktree the same place is chosen', async () => {
    const { path } = await make();
    expect((await plan({ agentName: 'worker-2', ticket: 't2' }, join(path, 'src'))).path).toBe(
      join(world.dir, 'app.worktrees', 'worker-2'),
    );
  });

  test('an existing local branch goes on, even beside a tag of its name', async () => {
    await world.git(['branch', 'ticket-1']);
    await world.git(['commit', '--quiet', '--allow-empty', '-mmore']);
    await world.git(['tag', '-m', 'x', 'ticket-1']);
    const made = await make({ base: 'main' });
    expect(made).toMatchObject({ createsBranch: false, start: await oid('main~1'), base: { name: 'main' } });
    expect(made.notes.join()).toContain('goes on where it is');
    expect((await world.git(['symbolic-ref', 'HEAD'], made.path)).trim()).toBe('refs/heads/ticket-1');
    expect(await oid('HEAD', made.path)).toBe(await oid('main~1'));
  });

  test('a remote branch is followed, unless a base is asked for', async () => {
    const bare = join(world.dir, 'origin.git');
    await world.git(['branch', 'ticket-1']);
    await world.git(['clone', '--quiet', '--bare', world.repo, bare]);
    await world.git(['branch', '-D', 'ticket-1']);
    await world.git(['remote', 'add', 'origin', bare]);
    await world.git(['fetch', '--quiet', 'origin']);
    expect(await plan({ base: 'main' })).toMatchObject({ upstream: null, base: { name: 'main' } });
    expect(await plan({ track: false })).toMatchObject({ upstream: null });
    const made = await make();
    expect(made).toMatchObject({ createsBranch: true, upstream: { remote: 'origin', branch: 'ticket-1' } });
    expect((await world.git(['rev-parse', '--abbrev-ref', 'ticket-1@{upstream}'])).trim()).toBe('origin/ticket-1');
    await undoWorktree(await findRepository(world.repo), made, options());
    expect(await world.git(['config', '--local', '--list'])).not.toContain('ticket-1');
  });

  test('a base, a commit, a branch of one’s own name', async () => {
    await world.git(['commit', '--quiet', '--allow-empty', '-mmore']);
    const made = await make({ base: 'HEAD~1', branch: 'über/my-branch' });
    expect(made).toMatchObject({
      branch: 'über/my-branch',
      start: await oid('main~1'),
      base: { name: await oid('main~1') },
    });
    expect(await oid('HEAD', made.path)).toBe(await oid('main~1'));
  });

  test('what is in the way is refused before anything is made', async () => {
    await make();
    const before = [await branches(), readdirSync(join(world.dir, 'app.worktrees'))];
    const refused = async (code: string, exit: number, more: Parameters<typeof request>[1]) => {
      const error = await refusal(plan(more));
      expect(error).toMatchObject({ code, exit });
      expect(error.message).not.toContain('\n');
    };
    await refused('PATH_EXISTS', 4, { ticket: 'other' });
    await refused('BRANCH_TAKEN', 4, { agentName: 'worker-2' });
    await refused('BRANCH_TAKEN', 4, { agentName: 'worker-2', branch: 'main' });
    await refused('BRANCH_TAKEN', 4, { agentName: 'worker-2', ticket: 'x', taken: { branches: ['x'], paths: [] } });
    await refused('PATH_REGISTERED', 4, {
      agentName: 'worker-2',
      ticket: 'x',
      taken: { branches: [], paths: [join(world.dir, 'app.worktrees/worker-2')] },
    });
    await refused('BRANCH_IN_THE_WAY', 4, { agentName: 'worker-2', ticket: 'ticket-1/sub' });
    await refused('NO_SUCH_REF', 2, { agentName: 'worker-2', ticket: 'x', base: 'nowhere' });
    await refused('BAD_BRANCH', 2, { agentName: 'worker-2', branch: 'a b' });
    await refused('BAD_WORKTREES_DIR', 2, { agentName: 'worker-2', ticket: 'x', dir: '.git/wt' });
    expect([await branches(), readdirSync(join(world.dir, 'app.worktrees'))]).toEqual(before);
    expect(await plan({ agentName: 'worker-2', another: true })).toMatchObject({ branch: 'ticket-1-2' });
  });

  test('a vanished worktree that git still counts on is said', async () => {
    const { path } = await make();
    rmSync(path, { recursive: true });
    expect(await refusal(plan({ ticket: 'x' }))).toMatchObject({ code: 'PATH_REGISTERED', exit: 4 });
  });

  test('no commits yet, with and without a bare repository', async () => {
    const fresh = join(world.dir, 'fresh');
    await world.git(['init', '--quiet', fresh]);
    expect(await refusal(plan({}, fresh))).toMatchObject({ code: 'NO_COMMITS', exit: 2 });
    const bare = join(world.dir, 'bare.git');
    await world.git(['init', '--quiet', '--bare', bare]);
    expect(await refusal(plan({}, bare))).toMatchObject({ code: 'NO_COMMITS', exit: 2 });
    expect(existsSync(join(world.dir, 'fresh.worktrees'))).toBe(false);
  });

  test('a bare repository', async () => {
    const bare = join(world.dir, 'next.js.git');
    await world.git(['clone', '--quiet', '--bare', world.repo, bare]);
    const planned = await plan({}, bare);
    expect(planned.path).toBe(join(world.dir, 'next.js.worktrees', 'worker-1'));
    await createWorktree(await findRepository(bare), planned, options());
    expect(existsSync(join(planned.path, 'src/a.txt'))).toBe(true);
  });

  test('two repositories that share a folder never see each other’s worktrees', async () => {
    const shared = join(world.dir, 'all worktrees');
    const twin = join(world.dir, 'elsewhere', 'app');
    const other = join(world.dir, 'other');
    await world.git(['clone', '--quiet', world.repo, twin]);
    await world.git(['clone', '--quiet', world.repo, other]);
    const mine = await make({ dir: shared });
    expect(mine.path).toBe(join(shared, 'app', 'worker-1'));
    expect((await plan({ dir: shared }, other)).path).toBe(join(shared, 'other', 'worker-1'));
    expect((await plan({ dir: shared }, twin)).path).toMatch(/all worktrees\/app-[0-9a-f]{6}\/worker-1$/);
    expect((await plan({ dir: join(shared, '{{repo}}') }, twin)).path).toMatch(/\/app-[0-9a-f]{6}\/worker-1$/);
    expect((await plan({ dir: shared, agentName: 'worker-2', ticket: 'x' })).path).toBe(
      join(shared, 'app', 'worker-2'),
    );
    expect((await plan({ dir: '../wts', ticket: 'x' })).path).toBe(join(world.dir, 'wts', 'app', 'worker-1'));
  });

  test('a folder inside the repository works, and it is said when git does not ignore it', async () => {
    expect((await plan({ dir: '.worktrees' })).notes.join()).toContain("Add '/.worktrees/' to .gitignore");
    world.write('.git/info/exclude', '/.worktrees/\n');
    const made = await make({ dir: '.worktrees' });
    expect(made).toMatchObject({ path: join(world.repo, '.worktrees/worker-1'), notes: [] });
  });

  test('sparse checkouts are inherited', async () => {
    await world.git(['sparse-checkout', 'set', 'src']);
    const { path } = await make();
    expect(readdirSync(path).sort()).toEqual(['.git', 'README.md', 'src']);
    expect(await world.git(['status', '--porcelain'], path)).toBe('');
    expect((await world.git(['sparse-checkout', 'list'], path)).trim()).toBe('src');
  });

  test('the user’s post-checkout hook and filters run as with plain git', async () => {
    const hooks = join(world.dir, 'my hooks');
    mkdirSync(hooks);
    writeScript(join(hooks, 'post-checkout'), 'echo "$1 $2 $3 $(pwd)" >> hook.log; cat > /dev/null; echo noise');
    await world.git(['config', 'core.hooksPath', hooks]);
    await world.git(['config', 'filter.shout.smudge', 'tr a-z A-Z']);
    await world.git(['config', 'filter.shout.clean', 'tr A-Z a-z']);
    writeFileSync(join(world.repo, '.gitattributes'), '*.txt filter=shout\n');
    await world.git(['add', '.gitattributes']);
    await world.git(['commit', '--quiet', '--no-verify', '-mattributes']);
    const { path, notes } = await make();
    expect(readFileSync(join(path, 'hook.log'), 'utf8')).toBe(`${'0'.repeat(40)} ${await oid('main')} 1 ${path}\n`);
    expect(readFileSync(join(path, 'src/a.txt'), 'utf8')).toBe('A\n');
    expect(notes).toEqual([]);
    writeScript(join(hooks, 'post-checkout'), 'exit 7');
    expect((await make({ agentName: 'worker-2', ticket: 'x' })).notes.join()).toContain(
      'post-checkout hook failed (exit code 7)',
    );
  });

  test('a checkout that fails is undone as a whole', async () => {
    writeFileSync(join(world.repo, '.gitattributes'), '*.txt filter=lfs\n');
    await world.git(['add', '.gitattributes']);
    await world.git(['commit', '--quiet', '--no-verify', '-mattributes']);
    await world.git(['config', 'filter.lfs.smudge', 'git-lfs-is-missing smudge']);
    await world.git(['config', 'filter.lfs.required', 'true']);
    const planned = await plan();
    const error = await refusal(createWorktree(await findRepository(world.repo), planned, options()));
    expect(error).toMatchObject({ code: 'WORKTREE_FAILED', exit: 1 });
    expect(error.message).toContain('Nothing was left behind.');
    expect(existsSync(join(world.dir, 'app.worktrees'))).toBe(false);
    expect(await branches()).toEqual(['main']);
    expect(await listWorktrees(await findRepository(world.repo))).toHaveLength(1);
  });

  test('submodules stay empty, and it is said', async () => {
    await world.git(['clone', '--quiet', world.repo, join(world.dir, 'part')]);
    await world.git([
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      join(world.dir, 'part'),
      'part',
    ]);
    await world.git(['commit', '--quiet', '--no-verify', '-mpart']);
    const { path, notes } = await make();
    expect(readdirSync(join(path, 'part'))).toEqual([]);
    expect(notes.join()).toContain('git submodule update --init');
  });

  test('twelve at once are twelve, each with its branch and its upstream', async () => {
    const bare = join(world.dir, 'origin.git');
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
    for (const number of numbers.slice(0, 6)) await world.git(['branch', `t-${number}`]);
    await world.git(['clone', '--quiet', '--bare', world.repo, bare]);
    for (const number of numbers.slice(0, 6)) await world.git(['branch', '-D', `t-${number}`]);
    await world.git(['remote', 'add', 'origin', bare]);
    await world.git(['fetch', '--quiet', 'origin']);
    const shared = options();
    const repo = await findRepository(world.repo);
    await Promise.all(
      numbers.map(async (number) => {
        const planned = await plan({ agentName: `worker-${number}`, ticket: `t-${number}` });
        await createWorktree(repo, planned, { ...shared, operation: `op-${number}` });
      }),
    );
    const listed = await listWorktrees(repo);
    expect(listed.map(({ branch }) => branch).sort()).toEqual(
      ['main', ...numbers.map((number) => `t-${number}`)].sort(),
    );
    expect(listed.every(({ locked }) => locked === null)).toBe(true);
    for (const number of numbers.slice(0, 6)) {
      expect((await world.git(['rev-parse', '--abbrev-ref', `t-${number}@{upstream}`])).trim()).toBe(
        `origin/t-${number}`,
      );
    }
  });

  test('of two that want one branch, one gets it and the other touches nothing of its', async () => {
    const repo = await findRepository(world.repo);
    const [one, two] = [await plan(), await plan({ agentName: 'worker-2' })];
    const results = await Promise.allSettled([
      createWorktree(repo, one, options('op-1')),
      createWorktree(repo, two, options('op-2')),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const won = results[0]?.status === 'fulfilled' ? one : two;
    expect((await listWorktrees(repo)).slice(1)).toMatchObject([{ path: won.path, branch: 'ticket-1' }]);
    expect(await world.git(['status', '--porcelain'], won.path)).toBe('');
  });
});
