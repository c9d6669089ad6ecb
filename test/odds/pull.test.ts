import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';
import { call, refused } from '../e2e/support.ts';
import { nodeFolder } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

describe('swarm spawn --pr', () => {
  const world = useWorld();
  const scripted = ['spawn', '--agent', 'scripted', '--no-wait'];
  let heads: { feature: string; fork: string; main: string };

  /** A stand-in for gh: answers what the service would, or fails as gh does. */
  function fakeGh(answers: Readonly<Record<string, unknown>>): void {
    for (const [number, answer] of Object.entries(answers)) {
      world.write(join(world.dir, 'pulls', `${number}.json`), JSON.stringify(answer));
    }
    world.write(
      join(world.bin, 'gh'),
      `#!/bin/sh
echo "$@" >> "${world.dir}/gh-calls"
[ -z "$GH_LOGGED_OUT" ] || { echo 'To get started with GitHub CLI, please run:  gh auth login' >&2; exit 4; }
[ -f "${world.dir}/pulls/$3.json" ] || { echo "GraphQL: Could not resolve to a PullRequest with the number of $3. (repository.pullRequest)" >&2; exit 1; }
cat "${world.dir}/pulls/$3.json"
`,
    );
  }

  function pull(headRefName: string, headRefOid: string, more: Readonly<Record<string, unknown>> = {}) {
    const url = 'https://github.com/acme/app/pull/7';
    const rest = { baseRefName: 'main', isCrossRepository: false, title: 'Add login', state: 'OPEN', url };
    return { headRefName, headRefOid, ...rest, ...more };
  }

  beforeEach(async () => {
    const origin = join(world.dir, 'origin.git');
    const git = async (...args: string[]) => (await world.git(args)).trim();
    await git('clone', '--quiet', '--bare', world.repo, origin);
    const commit = async (name: string) => {
      await git('commit', '--quiet', '--allow-empty', '--message', name);
      return git('rev-parse', 'HEAD');
    };
    await git('checkout', '--quiet', '-b', 'author');
    const feature = await commit('Feature');
    await git('push', '--quiet', origin, 'HEAD:refs/heads/feature', 'HEAD:refs/pull/7/head');
    await git('reset', '--quiet', '--hard', 'main');
    const fork = await commit('From a fork');
    await git('push', '--quiet', origin, 'HEAD:refs/pull/8/head');
    await git('reset', '--quiet', '--hard', 'main');
    const main = await commit('Main went on');
    await git('push', '--quiet', origin, 'HEAD:refs/heads/main');
    await git('checkout', '--quiet', 'main');
    await git('branch', '--quiet', '-D', 'author');
    await git('remote', 'add', 'origin', origin);
    // Nothing of it may be here but by a fetch.
    await git('reflog', 'expire', '--expire=now', '--all');
    await git('gc', '--quiet', '--prune=now');
    heads = { feature, fork, main };
    fakeGh({
      7: pull('feature', feature),
      8: pull('main', fork, { isCrossRepository: true }),
      9: pull('gone', feature, { state: 'MERGED' }),
    });
    await run(['chmod', '+x', join(world.bin, 'gh')]);
  });

  it("starts from the pull request's head, on its branch, which follows the remote's", async () => {
    const result = await world.swarm([...scripted, '--pr', '7', '--json']);
    const { agents } = result.jsonAs<{ agents: { branch: string; worktree: string }[] }>();
    expect(agents).toMatchObject([{ ticket: 'feature', branch: 'feature', base: 'origin/main' }]);
    expect(agents).toMatchObject([{ git: { head: heads.feature, subject: 'Feature', ahead: 1, behind: 1 } }]);
    expect(result.stderr).toContain('pull request 7: Add login');
    const upstream = await world.git(['rev-parse', '--abbrev-ref', 'feature@{upstream}']);
    expect(upstream.trim()).toBe('origin/feature');
    expect(await world.git(['status', '--porcelain', '--branch'], agents[0]?.worktree)).toBe(
      '## feature...origin/feature\n',
    );
    expect(existsSync(join(world.repo, '.git', 'FETCH_HEAD'))).toBe(false);
  });

  it("takes a fork's head, and follows nothing", async () => {
    const { agents } = await call(world, 'spawn', [...scripted, '--pr', '8', '--branch', 'theirs', '--name', 'b']);
    expect(agents).toMatchObject([{ ticket: 'pr-8', branch: 'theirs', git: { head: heads.fork } }]);
    expect(await world.git(['config', '--get-regexp', '^branch\\.'], world.repo).catch(() => '')).toBe('');
  });

  it('never moves a branch that is there already', async () => {
    const failed = async (number: string) =>
      (await call(world, 'spawn', [...scripted, '--pr', number], { exit: 4 })).error;
    const before = await world.git(['rev-parse', 'main']);
    const error = await failed('8');
    expect(error).toMatchObject({ code: 'BRANCH_DIFFERS', hint: 'swarm spawn --pr 8 --branch pr-8' });
    expect(await world.git(['rev-parse', 'main'])).toBe(before);
    await world.git(['branch', 'feature', 'main']);
    expect(await failed('7')).toMatchObject({ code: 'BRANCH_DIFFERS' });
    // One that is at the head goes on, and is not asked for twice.
    await world.git(['branch', '--force', 'feature', heads.feature]);
    const { agents } = await call(world, 'spawn', [...scripted, '--pr', '7']);
    expect(agents).toMatchObject([{ branch: 'feature', git: { head: heads.feature } }]);
    expect(await failed('7')).toMatchObject({
      code: 'TICKET_TAKEN',
      hint: 'swarm spawn --agent scripted --no-wait --pr 7 --another',
    });
    const { agents: more } = await call(world, 'spawn', [...scripted, '--pr', '7', '--another']);
    expect(more).toMatchObject([{ branch: 'feature-2', git: { head: heads.feature } }]);
  });

  it('works when the branch of a merged pull request is gone', async () => {
    await world.git(['--git-dir', join(world.dir, 'origin.git'), 'update-ref', 'refs/pull/9/head', heads.feature]);
    const result = await world.swarm([...scripted, '--pr', '9', '--json']);
    expect(result.stderr).toContain('pull request 9 (merged): Add login');
    expect(result.jsonAs<object>()).toMatchObject({ agents: [{ branch: 'gone', base: 'origin/main' }] });
  });

  it('fetches nothing on a dry run', async () => {
    const { stdout } = await world.swarm([...scripted, '--pr', '7', '--dry-run', '--json']);
    const plan = { branch: 'feature', newBranch: true, ticket: 'feature' };
    expect(JSON.parse(stdout)).toMatchObject({ plans: [plan] });
    expect(await world.git(['for-each-ref', 'refs/remotes'])).toBe('');
  });

  it('says what is wrong, and leaves nothing', async () => {
    expect(await refused(world, [...scripted, '--pr', '77'], 3)).toMatchObject({
      code: 'NO_SUCH_PULL_REQUEST',
      hint: 'gh pr list',
    });
    expect(await refused(world, [...scripted, '--pr', '7'], 5, { env: { GH_LOGGED_OUT: '1' } })).toMatchObject({
      code: 'GH_LOGIN',
      hint: 'gh auth login',
    });
    expect(await refused(world, [...scripted, 'a', 'b', '--pr', '7'], 2)).toMatchObject({
      code: 'ONE_PULL_REQUEST_MANY_TICKETS',
    });
    expect(await refused(world, [...scripted, '--pr', '0'], 2)).toMatchObject({ code: expect.any(String) });
    fakeGh({ 7: pull('--upload-pack=touch pwned', heads.feature) });
    expect(await refused(world, [...scripted, '--pr', '7'], 1)).toMatchObject({ code: 'GH_FAILED' });
    fakeGh({ 7: pull('feature', 'f'.repeat(40)) });
    expect(await refused(world, [...scripted, '--pr', '7'], 1)).toMatchObject({ code: 'PULL_REQUEST_MOVED' });
    expect((await call(world, 'ls', ['ls'])).agents).toEqual([]);
    expect(readFileSync(join(world.dir, 'gh-calls'), 'utf8')).toContain('pr view 77 --json headRefName,headRefOid');
  });

  it('names gh and how to get it where it is missing', async () => {
    const bare = join(world.dir, 'bare-bin');
    world.write(join(bare, 'README'), '');
    const { stdout } = await run(['/bin/sh', '-c', 'command -v git'], { env: world.env });
    symlinkSync(stdout.trim(), join(bare, 'git'));
    const env = { PATH: `${bare}:${nodeFolder}` };
    expect(await refused(world, [...scripted, '--pr', '7'], 5, { env })).toMatchObject({
      code: 'MISSING_PROGRAM',
      message: "'gh' is not on the PATH.",
      hint: expect.stringContaining('https://cli.github.com'),
    });
    expect(readdirSync(bare)).toEqual(['README', 'git']);
  });
});
