import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('swarm checkpoint', () => {
  const world = useWorld({ swarmYaml: "files: { copy: ['.env*'] }\n" });

  it("commits all of an agent's work and no copied file, with the user's hooks", async () => {
    world.write('.env', 'SECRET=1\n');
    chmodSync(world.write('.git/hooks/commit-msg', '#!/bin/sh\necho "Checked-by: hook" >> "$1"\n'), 0o755);
    const { worktree } = await spawnOne(world, ['t 1', '-p', 'hello']);
    await world.swarm(['wait', '1']);
    const at = worktree ?? '';
    expect(await world.git(['status', '--porcelain'], at)).toBe('?? .env\n');
    expect((await refused(world, ['checkpoint', '1'], 3)).code).toBe('NOTHING_TO_COMMIT');
    world.write(join(at, '.env'), 'SECRET=2\n');
    expect((await refused(world, ['checkpoint', '1'], 3)).code).toBe('NOTHING_TO_COMMIT');
    world.write(join(at, 'new file.txt'), 'one\n');
    world.write(join(at, 'a', 'b.txt'), 'two\n');
    const { checkpoint } = await call(world, 'checkpoint', ['checkpoint', '1']);
    expect(checkpoint).toMatchObject({ message: 'Checkpoint of t 1: a/b.txt, new file.txt\n', branch: 't-1' });
    expect(await world.git(['log', '-1', '--format=%H %B', '--name-only'], at)).toBe(
      `${checkpoint.commit} Checkpoint of t 1: a/b.txt, new file.txt\nChecked-by: hook\n\n\na/b.txt\nnew file.txt\n`,
    );
    expect(await world.git(['status', '--porcelain'], at)).toBe('?? .env\n');
  });

  it('leaves out a repository of its own, and no merge takes it away with the agent', async () => {
    const { worktree } = await spawnOne(world, ['t1', '-p', 'hello']);
    await world.swarm(['wait', '1']);
    const at = worktree ?? '';
    await world.git(['init', '--quiet', join(at, 'proj')]);
    const none = await refused(world, ['checkpoint', '1'], 3);
    expect([none.code, none.message]).toEqual(['NOTHING_TO_COMMIT', expect.stringContaining('proj/')]);
    world.write(join(at, 'proj', 'in.txt'), 'in\n');
    world.write(join(at, 'new.txt'), 'new\n');
    await world.git(['add', '--all'], join(at, 'proj'));
    await world.git(['commit', '--quiet', '-m', 'inside'], join(at, 'proj'));
    const { checkpoint } = await call(world, 'checkpoint', ['checkpoint', '1']);
    expect(checkpoint).toMatchObject({ files: ['new.txt'], left: ['proj/'] });
    expect(await world.git(['show', '--format=', '--name-only'], at)).toBe('new.txt\n');
    const hint = 'swarm merge worker-1 --keep';
    expect(await refused(world, ['merge', '1'], 4)).toMatchObject({ code: 'DIRTY_WORKTREE', hint });
    await world.git(['add', 'proj'], at);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'proj'], at);
    const { merge } = await call(world, 'merge', ['merge', '1']);
    expect(merge).toMatchObject({ state: 'merged', removed: false });
    expect(merge.notes.join()).toMatch(/stays: .*commits that are nowhere else: proj/s);
    expect(existsSync(join(at, 'proj', 'in.txt'))).toBe(true);
  });

  it('waits for no agent: refused while it works, on another branch and in the middle of a rebase', async () => {
    const script = world.write(join(world.dir, 'script.yaml'), 'default: [hang]\n');
    const { worktree } = await spawnOne(world, ['t1', '-p', 'work', '--', '--script', script]);
    const at = worktree ?? '';
    world.write(join(at, 'new.txt'), 'one\n');
    const working = async () => (await call(world, 'status', ['status', '1'])).agent.status === 'working';
    await waitFor(async () => ((await working()) ? true : null), 'its turn');
    expect((await refused(world, ['checkpoint', '1'], 4)).code).toBe('AGENT_WORKING');
    await call(world, 'checkpoint', ['checkpoint', '1', '--now', '-m', 'So far']);
    expect(await world.git(['log', '-1', '--format=%s'], at)).toBe('So far\n');
    await world.git(['checkout', '--quiet', '-b', 'elsewhere'], at);
    world.write(join(at, 'new.txt'), 'two\n');
    expect((await refused(world, ['checkpoint', '1', '--now'], 4)).code).toBe('NOT_ON_ITS_BRANCH');
  });

  it('keeps prompts out of the agent until the commit is there', async () => {
    const { worktree } = await spawnOne(world, ['t1', '-p', 'hello']);
    await world.swarm(['wait', '1']);
    const begun = join(world.dir, 'begun');
    const go = join(world.dir, 'go');
    const script = `#!/bin/sh\n: > '${begun}'\nuntil [ -e '${go}' ]; do sleep 0.05; done\n`;
    chmodSync(world.write('.git/hooks/pre-commit', script), 0o755);
    world.write(join(worktree ?? '', 'new.txt'), 'one\n');
    const committing = world.start(['checkpoint', '1']);
    try {
      await waitFor(async () => (existsSync(begun) ? true : null), 'the hook');
      const send = ['send', '1', 'one more thing', '--timeout', '300ms'];
      const { deliveries } = await call(world, 'send', send, { exit: 6 });
      expect(deliveries).toMatchObject([{ state: 'failed', attempts: 0, reason: expect.stringContaining('busy') }]);
    } finally {
      world.write(go, '');
    }
    expect((await committing.result).exitCode).toBe(0);
    await call(world, 'send', ['send', '1', 'one more thing']);
  });

  it('takes the message that a command of yours prints, and its own when that fails', async () => {
    const config = join(world.home, '.config', 'swarm', 'config.yaml');
    world.write(config, 'merge: { checkpoint: \'echo "$SWARM_TICKET: $(cat)"\' }\n');
    const { worktree } = await spawnOne(world, ['t1']);
    await world.swarm(['wait', '1']);
    world.write(join(worktree ?? '', 'new.txt'), 'one\n');
    const message = async () => (await call(world, 'checkpoint', ['checkpoint', '1'])).checkpoint.message;
    expect(await message()).toBe('t1: new.txt\n');
    world.write(config, 'merge: { checkpoint: echo half; exit 3 }\n');
    world.write(join(worktree ?? '', 'new.txt'), 'two\n');
    expect(await message()).toBe('Checkpoint of t1: new.txt\n');
    // What the repository says needs consent.
    world.write(config, '');
    world.write('swarm.yaml', 'merge: { checkpoint: echo theirs }\n');
    await world.git(['add', 'swarm.yaml']);
    world.write(join(worktree ?? '', 'new.txt'), 'three\n');
    expect(await refused(world, ['checkpoint', '1'], 4)).toMatchObject({ code: 'CONSENT_REQUIRED' });
    const { checkpoint } = await call(world, 'checkpoint', ['checkpoint', '1', '--yes']);
    expect(checkpoint.message).toBe('theirs\n');
  });

  it('says what a hook said, and leaves everything as it was', async () => {
    const { worktree } = await spawnOne(world, ['t1']);
    const hook = world.write('.git/hooks/pre-commit', '#!/bin/sh\necho not today >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    world.write(join(worktree ?? '', 'new.txt'), 'one\n');
    await world.swarm(['wait', '1']);
    // Staged in part: one version is staged, another one lies there.
    world.write(join(worktree ?? '', 'README.md'), 'staged\n');
    await world.git(['add', 'README.md'], worktree ?? '');
    world.write(join(worktree ?? '', 'README.md'), 'staged, and more\n');
    const index = join(world.repo, '.git', 'worktrees', 'worker-1', 'index');
    const before = readFileSync(index);
    const error = await refused(world, ['checkpoint', '1'], 4);
    expect(error.message).toContain('not today');
    expect(readFileSync(index).equals(before)).toBe(true);
    expect(existsSync(`${index}.lock`)).toBe(false);
    expect(await world.git(['status', '--porcelain'], worktree ?? '')).toBe('MM README.md\n?? new.txt\n');
  });
});
