import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, documentOf, sharedWorld, shows, spawnOne } from './support.ts';

describe('swarm spawn', () => {
  const world = sharedWorld();

  it('answers with the agent at work and the proof that its prompt arrived', async () => {
    const result = await world.swarm(['spawn', 'ticket-42', '--agent', 'scripted', '-p', 'Fix it', '--json']);
    expect(result.exitCode).toBe(0);
    const { agents, deliveries, errors } = documentOf('spawn', result);
    expect(errors).toEqual([]);
    const worktree = join(dirname(world.repo), 'app.worktrees', 'worker-1');
    expect(agents).toMatchObject([
      { name: 'worker-1', ticket: 'ticket-42', cli: 'scripted', branch: 'ticket-42', base: 'main', worktree },
    ]);
    expect(agents[0]?.tmux).toMatchObject({ socket: world.socket, session: 'swarm-app' });
    // Its files are not looked at: that takes the time in a large repository, and ls does it.
    expect(agents[0]?.git).toMatchObject({ ahead: 0, behind: 0, dirty: null, subject: 'First commit' });
    expect(deliveries).toMatchObject([{ agent: 'worker-1', state: 'delivered', attempts: 1 }]);
    expect(await world.git(['rev-parse', '--abbrev-ref', 'HEAD'], worktree)).toBe('ticket-42\n');
    // The answer is on stdout, the narration beside it.
    expect(result.stdout.trimEnd()).not.toContain('\n');
    expect(result.stderr).toContain('worker-1: worktree');
  });

  it('says the same in ls and status, and what a send came to', async () => {
    await world.swarm(['wait', 'worker-1']);
    const { agents } = await call(world, 'ls', ['ls']);
    const { agent } = await call(world, 'status', ['status', 'worker-1']);
    const { git: _fresh, ...rest } = agent;
    expect(agents[0]).toMatchObject(rest);
    expect(agent).toMatchObject({ status: 'idle', unseen: true, source: expect.any(String) });
    const { deliveries } = await call(world, 'send', ['send', 'ticket-42', 'And the tests']);
    expect(deliveries).toMatchObject([{ agent: 'worker-1', state: 'delivered', reason: null }]);
    await world.swarm(['wait', 'worker-1']);
    await shows(world, '1', 'Done: And the tests');
  });

  it("runs the agent as the pane's own process, in a window that outlives it", async () => {
    const { agent } = await call(world, 'status', ['status', '1']);
    const format = '#{pane_pid} #{pane_dead} #{remain-on-exit} #{@swarm_agent} #{pane_current_path}';
    const pane = await world.tmux(['display-message', '-p', '-t', agent.tmux.pane ?? '', format]);
    expect(pane.stdout).toBe(`${agent.pid} 0 on ${agent.id} ${agent.worktree}\n`);
    expect(readFileSync(`/proc/${agent.pid}/cmdline`, 'utf8')).toContain('scripted');
    expect((await call(world, 'status', ['stop', 'worker-1'])).agent).toMatchObject({ status: 'exited' });
    const dead = await world.tmux(['display-message', '-p', '-t', agent.tmux.pane ?? '', '#{pane_dead}']);
    expect(dead.stdout).toBe('1\n');
    const failed = await call(world, 'send', ['send', 'worker-1', 'Are you there?'], { exit: 6 });
    expect(failed.deliveries).toMatchObject([{ state: 'failed', attempts: 0 }]);
  });

  it('keeps its state to the user alone', async () => {
    const state = join(world.repo, '.git', 'swarm');
    const open = [state, world.env['SWARM_STATE_HOME'] ?? ''].flatMap((folder) => [folder, ...below(folder)]);
    const loose = open.filter((path) => {
      const stat = lstatSync(path);
      const runs = /\/bin\/swarm$|\/git\/(?:hooks\/[\w-]+|reference-transaction)$/.test(path);
      const wanted = stat.isDirectory() || runs ? 0o700 : 0o600;
      return !stat.isSymbolicLink() && (stat.mode & 0o777) !== wanted;
    });
    expect(loose).toEqual([]);
    expect(await world.git(['status', '--porcelain', '--ignored'])).toBe('');
  });

  it('makes a ticket of the first words of a prompt that has none', async () => {
    const agent = await spawnOne(world, ['-p', 'Fix the login redirect, please']);
    expect(agent).toMatchObject({ name: 'worker-2', ticket: agent.branch });
    expect(agent.branch).toMatch(/^fix-the-login/);
  });

  it('never uses a number twice', async () => {
    expect(await spawnOne(world, ['t3', '--name', 'worker-7'])).toMatchObject({ name: 'worker-7' });
    expect(await spawnOne(world, ['t4'])).toMatchObject({ name: 'worker-8' });
    expect(existsSync(join(dirname(world.repo), 'app.worktrees', 'worker-8'))).toBe(true);
  });
});

function below(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );
}
