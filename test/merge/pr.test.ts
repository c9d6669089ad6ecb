import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { run } from '../../src/process/run.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { nodeFolder } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({ files: { 'shared.txt': 'one\n' } });
const pr = async (words: readonly string[], exit = 0) => (await call(world, 'pr', ['pr', ...words], { exit })).pull;
const remoteTip = async (branch: string) =>
  (await world.git(['ls-remote', 'origin', `refs/heads/${branch}`])).split('\t')[0];

/** A stand-in for gh that keeps what it was told, and says there is one already once it has opened one. */
function fakeGh(): void {
  const file = world.write(
    join(world.bin, 'gh'),
    `#!/bin/sh
cd "${world.dir}" || exit 1
[ -z "$GH_LOGGED_OUT" ] || { echo 'To get started with GitHub CLI, please run:  gh auth login' >&2; exit 4; }
[ ! -e opened ] || { echo 'a pull request for branch "t-1" into branch "main" already exists:' >&2; echo 'https://github.com/acme/app/pull/9' >&2; exit 1; }
for word; do printf '%s\\n' "$word"; done > arguments
cat > opened
echo https://github.com/acme/app/pull/9
`,
  );
  chmodSync(file, 0o755);
}

async function commit(agent: Agent, text: string, message: string): Promise<void> {
  writeFileSync(join(agent.worktree ?? '', 'shared.txt'), text);
  await world.git(['commit', '--quiet', '--no-verify', '-am', message], agent.worktree ?? '');
}

async function worked(): Promise<Agent> {
  const agent = await spawnOne(world, ['t-1', '--no-wait']);
  await world.swarm(['wait', agent.name, '--for', 'idle']);
  await commit(agent, 'two\n', 'Say two\n\nSince one is not enough.');
  return agent;
}

describe('swarm pr', () => {
  beforeEach(async () => {
    const origin = join(world.dir, 'origin.git');
    await world.git(['clone', '--quiet', '--bare', world.repo, origin]);
    await world.git(['remote', 'add', 'origin', origin]);
    await world.git(['fetch', '--quiet', 'origin']);
  });

  it('pushes, and opens a pull request with the words of the commit; run again, it pushes what is new', async () => {
    fakeGh();
    const agent = await worked();
    expect((await refused(world, ['pr', agent.name, '-t', ' '], 2)).code).toBe('NO_TITLE');
    const plan = await pr([agent.name, '--dry-run']);
    expect(plan).toMatchObject({
      state: 'planned',
      title: 'Say two',
      body: 'Since one is not enough.\n',
      into: 'main',
    });
    expect(await remoteTip('t-1')).toBe('');
    expect(await pr([agent.name])).toMatchObject({ state: 'opened', url: 'https://github.com/acme/app/pull/9' });
    expect(await remoteTip('t-1')).toBe(plan.commit);
    expect(readFileSync(join(world.dir, 'opened'), 'utf8')).toBe('Since one is not enough.\n');
    expect(readFileSync(join(world.dir, 'arguments'), 'utf8').split('\n')).toEqual(
      expect.arrayContaining(['--head', 't-1', '--base', 'main', '--title=Say two']),
    );
    await commit(agent, 'three\n', 'Say three');
    const again = await pr([agent.name, '--draft']);
    expect(again).toMatchObject({ state: 'updated', url: 'https://github.com/acme/app/pull/9', title: 't-1: Say two' });
    expect(again.body).toBe('- Say two\n- Say three\n');
    expect(await remoteTip('t-1')).toBe(again.commit);
    // Somebody else's work on the other side is never overwritten.
    await world.git(['commit', '--quiet', '--amend', '--no-verify', '-m', 'Other'], agent.worktree ?? '');
    const error = await refused(world, ['pr', agent.name], 4);
    expect(error).toMatchObject({ code: 'NOT_PUSHED', hint: 'git push --force-with-lease origin t-1' });
  });

  it('takes the words of the task, or those given or edited', async () => {
    fakeGh();
    const agent = await worked();
    await call(world, 'task-answer', ['task', 'add', 'Count further\nAs far as it goes.']);
    await call(world, 'task-answer', ['task', 'claim', '1'], { env: { SWARM_AGENT: agent.name } });
    const plan = await pr([agent.name, '--dry-run']);
    expect(plan.title).toBe('Count further');
    expect(plan.body).toBe('Count further\nAs far as it goes.\n\nSince one is not enough.\n');
    expect(await pr([agent.name, '--dry-run', '-t', 'Mine', '-b', 'All of it'])).toMatchObject({
      title: 'Mine',
      body: 'All of it',
    });
    expect(await refused(world, ['pr', agent.name, '--edit'], 2)).toMatchObject({
      code: 'NO_TERMINAL',
      hint: `swarm pr ${agent.name} --edit`,
    });
    expect(existsSync(join(world.dir, 'opened'))).toBe(false);
  });

  it('prints the commands where gh is missing, and pushes nothing', async () => {
    const agent = await worked();
    const bare = join(world.dir, 'bare-bin');
    mkdirSync(bare);
    for (const program of ['git', 'tmux']) {
      const { stdout } = await run(['/bin/sh', '-c', `command -v ${program}`], { env: world.env });
      symlinkSync(stdout.trim(), join(bare, program));
    }
    const env = { PATH: `${bare}:${nodeFolder}` };
    const { pull } = await call(world, 'pr', ['pr', agent.name], { exit: 5, env });
    expect(pull.state).toBe('commands');
    expect(pull.commands[0]).toBe(`git push origin ${pull.commit}:refs/heads/t-1`);
    expect(pull.commands[1]).toMatch(/^gh pr create --head t-1 --base main '--title=Say two' '--body=Since/);
    expect(await remoteTip('t-1')).toBe('');
  });

  it('refuses work that is not whole, none at all, and says when gh has no login', async () => {
    fakeGh();
    const fresh = await spawnOne(world, ['t-2', '--no-wait']);
    await world.swarm(['wait', fresh.name, '--for', 'idle']);
    expect(await refused(world, ['pr', fresh.name], 3)).toMatchObject({ code: 'NOTHING_TO_PROPOSE' });
    const agent = await worked();
    writeFileSync(join(agent.worktree ?? '', 'new.txt'), 'x\n');
    const dirty = await refused(world, ['pr', agent.name], 4);
    expect(dirty).toMatchObject({ code: 'DIRTY_WORKTREE', hint: `swarm checkpoint ${agent.name}` });
    expect(dirty.message).toContain('Nothing was pushed.');
    const env = { GH_LOGGED_OUT: '1' };
    expect(await refused(world, ['pr', agent.name, '--now'], 5, { env })).toMatchObject({ code: 'GH_LOGIN' });
    expect((await pr([agent.name, '--now'])).state).toBe('opened');
    await world.git(['remote', 'remove', 'origin']);
    expect(await refused(world, ['pr', agent.name, '--now'], 2)).toMatchObject({ code: 'NO_REMOTE' });
  });
});
