import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/cli/doctor/index.ts';
import { isAlive } from '../../src/process/identity.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const up = (world: World) => call(world, 'up', ['up']);
const git = (world: World, ...args: string[]) => world.git([...args], join(world.dir, 'app.worktrees', 'worker-1'));

describe('the supervisor', () => {
  const world = useWorld();

  it('is one, in a window of its own; down ends it and leaves the agents', async () => {
    await spawnOne(world, ['t1']);
    const [first, second] = await Promise.all([up(world), up(world)]);
    expect(first.supervisor.pid).toBe(second.supervisor.pid);
    expect([first.supervisor.started, second.supervisor.started].sort()).toEqual([false, true]);
    const windows = await world.tmux(['list-windows', '-a', '-F', '#{window_name}']);
    expect(windows.stdout.trim().split('\n').sort()).toEqual(['supervisor', 'worker-1 t1']);
    expect(statSync(join(world.repo, '.git/swarm/supervisor.launch')).mode & 0o777).toBe(0o600);
    await refused(world, ['up', '--foreground'], 4);
    const line = join(world.repo, '.git/swarm/status-line');
    const glyph = async () =>
      (await world.tmux(['list-windows', '-a', '-F', '#{@swarm_status}#{@swarm_glyph}'])).stdout;
    await waitFor(async (see) => (existsSync(line) && see(await glyph()).includes('○1○') ? true : null), 'the segment');
    await call(world, 'down', ['down']);
    expect({ line: existsSync(line), glyph: (await glyph()).trim() }).toEqual({ line: false, glyph: '' });
    expect((await refused(world, ['down'], 3)).code).toBe('NOT_RUNNING');
    const left = await world.tmux(['list-windows', '-a', '-F', '#{window_name}']);
    expect(left.stdout.trim()).toBe('worker-1 t1');
    expect((await call(world, 'status', ['status', '1'])).agent.pid).not.toBeNull();
  });

  it('is started again by tmux when it dies, but not for ever', async () => {
    await spawnOne(world, ['t1']);
    await up(world);
    const format = '#{@swarm_respawns} #{pane_dead} #{pane_pid}';
    const panes = async () => (await world.tmux(['list-panes', '-a', '-F', format])).stdout.split('\n');
    const pidAt = (state: string) =>
      waitFor(async (see) => {
        // tmux misses one death of twenty until another child of its own ends; whoever looks at the team makes one.
        await world.swarm(['ls']);
        const pane = see(await panes()).find((line) => line.startsWith(`${state} `));
        return pane === undefined ? null : Number(pane.split(' ')[2]);
      }, `a supervisor at ${state}`);
    for (let time = 0; time <= 5; time++) process.kill(await pidAt(`${time} 0`), 'SIGKILL');
    await pidAt('5 1');
    const { checks } = (await world.swarm(['doctor', '--json'])).jsonAs<{ checks: Check[] }>();
    expect(checks.find(({ name }) => name === 'supervisor')).toMatchObject({ state: 'warn', mend: 'swarm up' });
    // A person starts it anew.
    expect((await up(world)).supervisor.started).toBe(true);
  });

  it('is started anew right after it was killed, while tmux does the same, with no window but its own', async () => {
    let { pid } = (await up(world)).supervisor;
    for (let time = 0; time < 4; time++) {
      process.kill(pid, 'SIGKILL');
      const { supervisor } = await up(world);
      expect(supervisor.pid).not.toBe(pid);
      pid = supervisor.pid;
      // Not one that only puts its things in order before it ends.
      expect((await up(world)).supervisor).toEqual({ ...supervisor, started: false });
      const panes = await world.tmux(['list-panes', '-a', '-F', '#{window_name} #{pane_dead}']);
      expect(panes.stdout.trim()).toBe('supervisor 0');
    }
  });

  it('keeps what ls shows, and ls looks itself without it', async () => {
    await spawnOne(world, ['t1', '-p', 'hello']);
    await world.swarm(['wait', '1']);
    await up(world);
    const facts = async () => (await call(world, 'ls', ['ls'])).agents[0];
    const before = await waitFor(async (see) => {
      const [one, two] = [see(await facts()), see(await facts())];
      // What is shown was read before it was asked for: no two answers read it anew.
      return one !== undefined && one.git?.at === two?.git?.at ? one : null;
    }, 'its git facts');
    world.write(join(before.worktree ?? '', 'new.txt'), 'one\ntwo\n');
    await git(world, 'add', '.');
    await git(world, 'commit', '-qm', 'work');
    const ahead = async (see: (seen: unknown) => unknown) => {
      const agent = await facts();
      see(agent);
      return agent?.git?.ahead === 1 && agent.git.insertions === 2 ? agent : null;
    };
    const after = await waitFor(ahead, 'the commit');
    expect((await facts())?.git?.at).toBe(after.git?.at);
    const fresh = (await call(world, 'ls', ['ls', '--fresh'])).agents[0];
    expect(fresh?.git?.at).not.toBe(after.git?.at);
    expect({ ...fresh, git: null, lastActivityAt: null, since: null }).toEqual({
      ...after,
      git: null,
      lastActivityAt: null,
      since: null,
    });
    await world.swarm(['down']);
    expect((await facts())?.git?.at).not.toBe(after.git?.at);
  });

  it('brings agents back after the tmux server has died, those that should live', async () => {
    for (const ticket of ['t1', 't2', 't3']) await spawnOne(world, [ticket, '-p', 'remember me']);
    await call(world, 'spawn', ['spawn', 't4', '--agent', 'shell']);
    await world.swarm(['pause', 'worker-2']);
    await world.swarm(['stop', 'worker-3']);
    await world.swarm(['send', 'worker-4', 'exit 3']);
    await world.swarm(['wait', 'worker-4', '--for', 'exited']);
    await world.tmux(['kill-server']);
    const both = await Promise.all([up(world), up(world)]);
    expect(both.flatMap(({ restored }) => restored)).toEqual([{ agent: 'worker-1', resumed: true }]);
    expect(both.flatMap(({ failed }) => failed)).toEqual([]);
    expect(both.map(({ supervisor }) => supervisor.started).sort()).toEqual([false, true]);
    const ended = (await call(world, 'status', ['status', 'worker-4'])).agent;
    expect(ended).toMatchObject({ status: 'failed', reason: 'process exited with status 3' });
    const log = async () => (await world.swarm(['capture', 'worker-1', '--lines', '100'])).stdout;
    await waitFor(async (see) => (see(await log()).includes('remember me') ? true : null), 'its conversation');
    expect((await up(world)).restored).toEqual([]);
  });

  it('brings back who outlives the tmux server: nobody can reach it any more', async () => {
    const stubborn = "trap '' HUP TERM; echo '> '; while :; do sleep 1; done";
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    const command = JSON.stringify(['sh', '-c', stubborn]);
    world.write('swarm.local.yaml', `agents: { stubborn: { command: ${command}, ready: '^> $' } }\n`);
    const { agents } = await call(world, 'spawn', ['spawn', 't1', '--agent', 'stubborn']);
    await world.tmux(['kill-server']);
    expect(await up(world)).toMatchObject({ restored: [{ agent: 'worker-1' }], failed: [] });
    const back = (await call(world, 'status', ['status', '1'])).agent;
    expect(back.tmux.pane).not.toBeNull();
    expect(await isAlive({ pid: agents[0]?.pid ?? 0, start: null })).toBe(false);
    // It would outlive its world, too.
    await call(world, 'status', ['stop', '1']);
  });

  it('writes its own history', async () => {
    await spawnOne(world, ['t1']);
    await up(world);
    const events = () => readFileSync(join(world.repo, '.git/swarm/swarm.db-wal')).includes('supervisor-started');
    await waitFor(async () => (events() ? true : null), 'the event');
  });
});
