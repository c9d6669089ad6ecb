import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { waitFor } from '../support/wait.ts';
import { call, refused, sharedWorld, spawnOne } from './support.ts';

describe('the life of a team', () => {
  const world = sharedWorld({ files: { '.gitignore': '.env\n', 'a.txt': 'a\n' } });
  const agent = async (name: string) => (await call(world, 'status', ['status', name])).agent;

  it('exec runs in each worktree with its ports, and tells each code', async () => {
    await spawnOne(world, ['t1', '--name', 'one']);
    await spawnOne(world, ['t2', '--name', 'two']);
    const all = await world.swarm(['exec', '--all', '--json', '--', 'sh', '-c', 'echo "$SWARM_AGENT $PORT"; pwd']);
    expect(all.exitCode).toBe(0);
    const { results } = all.jsonAs<{ results: { agent: string; exitCode: number; stdout: string }[] }>();
    for (const { agent: name, stdout } of results) {
      const { ports, worktree } = await agent(name);
      expect(stdout).toBe(`${name} ${ports['PORT']}\n${worktree}\n`);
    }
    const one = await world.swarm(['exec', 'one', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(one).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('out\nerr') });
    const some = await world.swarm(['exec', 'one', 'nobody', '--json', '--', 'true']);
    expect(some.exitCode).toBe(3);
    expect(some.jsonAs()).toMatchObject({ results: [{ agent: 'one', exitCode: 0 }], errors: [{ agent: 'nobody' }] });
    expect((await world.swarm(['exec', 'two', '--', 'no-such-program'])).exitCode).toBe(1);
  });

  it('send reaches several, all, or those with a status; wait waits for all, or any', async () => {
    const several = await call(world, 'send', ['send', 'one', 'two', 'hello'], {});
    expect(several.deliveries.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
    expect((await world.swarm(['wait', '--all', '--timeout', '20s'])).exitCode).toBe(0);
    expect((await call(world, 'send', ['send', '--all', 'again'])).deliveries).toHaveLength(2);
    expect((await world.swarm(['wait', 'one', 'two', '--any', '--timeout', '20s'])).exitCode).toBe(0);
    await world.swarm(['wait', '--all']);
    expect((await call(world, 'send', ['send', '--status', 'idle', 'thrice'])).deliveries).toHaveLength(2);
    const mixed = await call(world, 'send', ['send', 'nobody', 'one', 'and you?'], { exit: 3 });
    expect(mixed).toMatchObject({ deliveries: [{ agent: 'one', state: 'delivered' }], errors: [{ agent: 'nobody' }] });
    const late = await call(world, 'error', ['wait', 'one', '--for', 'waiting', '--timeout', '200ms'], { exit: 6 });
    expect(late.error.message).toContain('one is');
  });

  it('a send that nobody else interleaves: ten at once arrive one by one', async () => {
    await world.swarm(['wait', '--all']);
    const texts = Array.from({ length: 10 }, (_, index) => `message number ${index} ${'x'.repeat(50)}`);
    const sent = await Promise.all(texts.map((text) => world.swarm(['send', 'one', text, '--json'])));
    expect(sent.map(({ exitCode, stdout }) => (exitCode === 0 ? '' : stdout))).toEqual(texts.map(() => ''));
    await world.swarm(['wait', 'one']);
    const screen = (await world.swarm(['capture', 'one', '--lines', '200'])).stdout;
    for (const text of texts) expect(screen.split(`Done: ${text}`)).toHaveLength(2);
  });

  it('rename keeps everything but the name', async () => {
    const before = await agent('one');
    const { agent: after } = await call(world, 'status', ['rename', 'one', 'uno']);
    const { git: _before, ...kept } = before;
    expect(after).toMatchObject({ ...kept, name: 'uno' });
    await refused(world, ['status', 'one'], 3);
    expect((await call(world, 'send', ['send', 'uno', 'who are you?'])).deliveries).toMatchObject([{ agent: 'uno' }]);
    await world.swarm(['wait', 'uno']);
    expect(await agent('uno')).toMatchObject({ status: 'idle', source: 'hook' });
    expect(await call(world, 'revive', ['restart', 'uno'])).toMatchObject({ resumed: true, agent: { name: 'uno' } });
    const name = await world.tmux([
      'display-message',
      '-p',
      '-t',
      (await agent('uno')).tmux.pane ?? '',
      '#{window_name}',
    ]);
    expect(name.stdout).toBe('uno t1\n');
  });

  it('fork takes the branch and the uncommitted work, and leaves both where they are', async () => {
    const { worktree } = await agent('two');
    writeFileSync(join(worktree ?? '', 'done.txt'), 'done\n');
    await world.git(['add', 'done.txt'], worktree ?? '');
    await world.git(['commit', '--quiet', '--message', 'Done'], worktree ?? '');
    writeFileSync(join(worktree ?? '', 'a.txt'), 'changed\n');
    writeFileSync(join(worktree ?? '', 'draft.txt'), 'draft\n');
    const before = await world.git(['status', '--porcelain'], worktree ?? '');
    const { agents } = await call(world, 'spawn', ['fork', 'two', 'other-way', '-p', 'Try it differently']);
    const [fork] = agents as [Agent];
    expect(fork).toMatchObject({ ticket: 'other-way', branch: 'other-way', base: 't2', cli: 'scripted' });
    expect(fork.git).toMatchObject({ subject: 'Done', dirty: 2, ahead: 0 });
    expect(readFileSync(join(fork.worktree ?? '', 'draft.txt'), 'utf8')).toBe('draft\n');
    expect(await world.git(['status', '--porcelain'], worktree ?? '')).toBe(before);
  });

  it('fork starts from where the agent is, on another branch or on none', async () => {
    const moved = await spawnOne(world, ['moved']);
    const at = moved.worktree ?? '';
    const commit = async (text: string) => {
      writeFileSync(join(at, 'a.txt'), text);
      await world.git(['commit', '--quiet', '--all', '--message', text.trim()], at);
    };
    await world.git(['checkout', '--quiet', '-b', 'elsewhere'], at);
    await commit('elsewhere\n');
    writeFileSync(join(at, 'a.txt'), 'elsewhere\nand on\n');
    const first = (await call(world, 'spawn', ['fork', moved.name, 'from-elsewhere'])).agents[0];
    expect(first).toMatchObject({ base: 'elsewhere', git: { subject: 'elsewhere', dirty: 1 } });
    await world.git(['checkout', '--quiet', '--detach'], at);
    await commit('detached\n');
    const head = (await world.git(['rev-parse', 'HEAD'], at)).trim();
    const second = (await call(world, 'spawn', ['fork', moved.name, 'from-none'])).agents[0];
    expect(second).toMatchObject({ base: head, git: { subject: 'detached', dirty: 0 } });
    // A branch that is there goes on where it is.
    writeFileSync(join(at, 'a.txt'), 'detached\nand on\n');
    await world.git(['branch', 'old', 'main']);
    const error = await refused(world, ['fork', moved.name, 'old'], 1);
    expect(error).toMatchObject({ code: 'CHANGES_DO_NOT_FIT', message: expect.stringContaining('a.txt') });
    expect(JSON.stringify(error)).not.toContain('swarm-patch-');
    await world.swarm(['rm', moved.name, ...[first, second].map((one) => one?.name ?? ''), '--force']);
  });

  it('adopt refuses what was started from a shell, and leaves the pane of what it took to its user', async () => {
    const folder = join(world.dir, 'by-hand');
    await world.git(['worktree', 'add', '--quiet', '-b', 'by-hand', folder]);
    const open = async (command: string) => {
      const made = await world.tmux(['new-session', '-d', '-c', folder, '-P', '-F', '#{pane_id}', command]);
      return made.stdout.trim();
    };
    const shell = await open('exec sh -i');
    await world.tmux(['send-keys', '-t', shell, 'sleep 600', 'Enter']);
    const command = async () => (await world.tmux(['display', '-p', '-t', shell, '#{pane_current_command}'])).stdout;
    await waitFor(async (see) => (see(await command()) === 'sleep\n' ? true : null), 'a program of the shell');
    expect(await refused(world, ['adopt', shell, '--agent', 'scripted'], 4)).toMatchObject({
      code: 'STARTED_FROM_A_SHELL',
      message: expect.stringContaining("'exec scripted'"),
      hint: `swarm adopt ${folder} --agent scripted`,
    });
    expect(await command()).toBe('sleep\n');
    const own = await open('exec sleep 600');
    await call(world, 'status', ['adopt', own, '--agent', 'scripted', '--name', 'by-hand']);
    expect((await world.swarm(['stop', 'by-hand'])).exitCode).toBe(0);
    expect((await world.swarm(['rm', 'by-hand'])).exitCode).toBe(0);
    const left = await world.tmux(['display', '-p', '-t', own, '#{pane_id} #{pane_dead} #{@swarm_agent}']);
    expect(left.stdout).toBe(`${own} 1 \n`);
    for (const pane of [shell, own]) await world.tmux(['kill-pane', '-t', pane]);
  });

  it('adopt makes agents of a worktree, a branch and a pane, and the same twice is refused', async () => {
    const folder = join(world.dir, 'mine');
    await world.git(['worktree', 'add', '--quiet', '-b', 'feature/x', folder]);
    mkdirSync(join(folder, 'sub'));
    const adopted = await call(world, 'status', [
      'adopt',
      join(folder, 'sub'),
      '--agent',
      'scripted',
      '--name',
      'mine',
    ]);
    expect(adopted.agent).toMatchObject({ name: 'mine', branch: 'feature/x', worktree: folder, ticket: 'feature/x' });
    expect((await call(world, 'send', ['send', 'mine', 'hi'])).deliveries).toMatchObject([{ state: 'delivered' }]);
    await refused(world, ['adopt', folder, '--agent', 'shell'], 4);
    await world.git(['branch', 'lonely']);
    const branch = await call(world, 'status', ['adopt', 'lonely', '--agent', 'shell', '--name', 'lonely']);
    expect(branch.agent).toMatchObject({ branch: 'lonely', worktree: join(world.dir, 'app.worktrees', 'lonely') });
    const panes = join(world.dir, 'panes');
    await world.git(['worktree', 'add', '--quiet', '-b', 'in-a-pane', panes]);
    const made = await world.tmux([
      'new-session',
      '-d',
      '-s',
      'own',
      '-c',
      panes,
      '-P',
      '-F',
      '#{pane_id}',
      'exec sh -i',
    ]);
    const pane = made.stdout.trim();
    const seen = await call(world, 'status', ['adopt', pane, '--agent', 'shell', '--name', 'paned']);
    expect(seen.agent).toMatchObject({ branch: 'in-a-pane', tmux: { session: 'own', pane } });
    expect((await call(world, 'send', ['send', 'paned', 'echo $((4*4))'])).deliveries).toMatchObject([
      { state: 'delivered' },
    ]);
    await refused(world, ['adopt', pane, '--agent', 'shell'], 4);
    // They have ports of their own, and what swarm did not make stays when they go.
    const ports = [adopted, branch, seen].map(({ agent: { ports } }) => ports['PORT']);
    expect(new Set(ports).size).toBe(3);
    const main = await call(world, 'status', ['adopt', world.repo, '--agent', 'shell', '--name', 'main-one']);
    expect(main.agent).toMatchObject({ branch: 'main', worktree: world.repo });
    const removed = await world.swarm(['rm', 'mine', 'main-one', '--json']);
    expect({ code: removed.exitCode, said: removed.exitCode === 0 ? '' : removed.stdout }).toEqual({
      code: 0,
      said: '',
    });
    expect(existsSync(join(folder, 'sub')) && existsSync(join(world.repo, 'a.txt'))).toBe(true);
    expect(await world.git(['branch', '--list', 'main', 'feature/x'])).toBe('+ feature/x\n* main\n');
  });

  it('copy --dry-run says what it would do, and does nothing', async () => {
    world.write('swarm.local.yaml', 'version: 1\nfiles: { copy: [.env] }\n');
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('.env', 'A=1\n');
    const target = join((await agent('two')).worktree ?? '', '.env');
    const dry = await world.swarm(['copy', 'two', '--dry-run']);
    expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('.env') });
    expect(existsSync(target)).toBe(false);
    expect((await world.swarm(['copy', 'two'])).exitCode).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('A=1\n');
  });

  it('an agent that was never told anything has no conversation to bring back', async () => {
    const quiet = await spawnOne(world, ['quiet', '--name', 'quiet']);
    await call(world, 'status', ['pause', 'quiet']);
    // Nor has it a first prompt: nothing offers to send that again, or does as if it had.
    const error = await refused(world, ['resume', 'quiet', '--again'], 3);
    expect(error).toMatchObject({ code: 'NO_FIRST_PROMPT', message: expect.stringContaining('without a prompt') });
    expect((await agent('quiet')).status).toBe('paused');
    const said = (await world.swarm(['resume', 'quiet'])).stdout;
    expect(said).toContain('quiet is back without its conversation');
    expect(said).not.toContain('--again');
    await call(world, 'status', ['pause', 'quiet']);
    const back = await call(world, 'revive', ['resume', 'quiet']);
    expect(back.resumed).toBe(false);
    expect(back.agent.sessionId).not.toBe(quiet.sessionId);
    expect((await call(world, 'send', ['send', 'quiet', 'now'])).deliveries).toMatchObject([{ state: 'delivered' }]);
    await world.swarm(['wait', 'quiet']);
    await call(world, 'status', ['pause', 'quiet']);
    expect(await call(world, 'revive', ['resume', 'quiet'])).toMatchObject({ resumed: true });
  });
});
