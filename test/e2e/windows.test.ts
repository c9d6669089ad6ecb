import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';
import { call, refused, shows, spawnOne } from './support.ts';

const statusOf = async (world: World, name: string) => (await call(world, 'status', ['status', name])).agent;

/** Ends the world's tmux server and waits until its agents are gone. */
async function killServer(world: World): Promise<void> {
  await world.tmux(['kill-server']);
  await waitFor(async (see) => ((await world.tmux(['list-sessions'])).exitCode === 0 ? see(null) : true), 'its end');
}

/** Windows that are not swarm's, with the ids that swarm's had. */
async function strangers(world: World, like: Agent): Promise<() => Promise<string>> {
  await world.tmux(['new-session', '-d', '-s', 'mine', '-x', '100', '-y', '30', '-n', 'own', 'cat']);
  const ids = async () => (await world.tmux(['list-panes', '-a', '-F', '#{window_id} #{pane_id}'])).stdout.split('\n');
  while (!(await ids()).includes(`${like.tmux.window} ${like.tmux.pane}`)) {
    expect((await world.tmux(['new-window', '-d', '-t', 'mine:', '-n', 'own', 'cat'])).exitCode).toBe(0);
  }
  return async () => {
    const panes = await world.tmux(['list-panes', '-s', '-t', 'mine', '-F', '#{window_name} #{pane_id}']);
    const screens = await Promise.all(
      panes.stdout
        .trim()
        .split('\n')
        .map((line) => world.tmux(['capture-pane', '-p', '-t', line.split(' ')[1] ?? ''])),
    );
    return panes.stdout + screens.map(({ stdout }) => stdout.trim()).join('|');
  };
}

describe("a tmux server's death", () => {
  const world = useWorld();

  it('is told, and resume and restart bring the agents back with what was theirs', async () => {
    const one = await spawnOne(world, ['t1', '-p', 'remember me', '--wait']);
    const two = await spawnOne(world, ['t2', '-p', 'me too', '--wait']);
    await killServer(world);
    const { agents } = await call(world, 'ls', ['ls']);
    expect(agents.map(({ status, tmux }) => [status, tmux.window])).toEqual([
      ['exited', null],
      ['exited', null],
    ]);
    expect(agents[0]?.reason).toContain('window is gone');
    await refused(world, ['attach', '1'], 3);
    expect((await call(world, 'send', ['send', '1', 'hello'], { exit: 6 })).deliveries).toMatchObject([
      { state: 'failed' },
    ]);
    const back = await call(world, 'revive', ['resume', '1']);
    expect(back).toMatchObject({ resumed: true, agent: { id: one.id, ports: one.ports, sessionId: one.sessionId } });
    await shows(world, '1', 'remember me');
    const again = await call(world, 'revive', ['restart', 'worker-2', '--again']);
    expect(again).toMatchObject({
      resumed: true,
      agent: { id: two.id, restarts: 1 },
      deliveries: [{ state: 'delivered' }],
    });
  });

  it("never leads to a stranger's window that has an old id", async () => {
    const agent = await spawnOne(world, ['t1', '--name', 'mine']);
    await killServer(world);
    const seen = await strangers(world, agent);
    const before = await seen();
    expect(await statusOf(world, 'mine')).toMatchObject({ status: 'exited', tmux: { window: null, pane: null } });
    await call(world, 'send', ['send', 'mine', 'rm -rf /'], { exit: 6 });
    await refused(world, ['capture', 'mine'], 3);
    await refused(world, ['attach', 'mine'], 3);
    await refused(world, ['stop', 'mine'], 4);
    await call(world, 'status', ['rename', 'mine', 'yours']);
    await call(world, 'status', ['pause', 'yours']);
    expect(await seen()).toBe(before);
    const { agent: back } = await call(world, 'revive', ['resume', 'yours']);
    expect(back.tmux.session).toBe('swarm-app');
    expect(await seen()).toBe(before);
  });
});

describe("an agent's window", () => {
  const world = useWorld();

  it('may be renamed, moved and scrolled by its user', async () => {
    const agent = await spawnOne(world, ['t1']);
    const { window = '', pane = '' } = { window: agent.tmux.window ?? '', pane: agent.tmux.pane ?? '' };
    await world.tmux(['rename-window', '-t', window, 'my own: name']);
    await world.tmux(['rename-session', '-t', 'swarm-app', 'elsewhere']);
    await world.tmux(['move-window', '-s', window, '-t', 'elsewhere:7']);
    expect((await statusOf(world, '1')).tmux).toEqual({ ...agent.tmux, session: 'elsewhere' });
    expect((await call(world, 'send', ['send', '1', 'hello'])).deliveries).toMatchObject([{ state: 'delivered' }]);
    const next = await spawnOne(world, ['t2']);
    expect(next.tmux.session).toBe('elsewhere');
    await world.tmux(['copy-mode', '-t', pane]);
    await world.swarm(['wait', '1']);
    const held = await call(world, 'send', ['send', '1', 'not now', '--timeout', '300ms'], { exit: 6 });
    expect(held.deliveries).toMatchObject([{ state: 'failed', attempts: 0, reason: expect.any(String) }]);
    await world.tmux(['send-keys', '-t', pane, '-X', 'cancel']);
    expect((await call(world, 'send', ['send', '1', 'now'])).deliveries).toMatchObject([{ state: 'delivered' }]);
    await world.swarm(['wait', '1']);
    expect((await world.swarm(['capture', '1'])).stdout).not.toContain('not now');
  });

  it('may be closed by its user: the agent has exited, and restart opens another', async () => {
    const agent = await spawnOne(world, ['t1', '-p', 'hi', '--wait']);
    const other = await spawnOne(world, ['t2']);
    await world.tmux(['kill-window', '-t', agent.tmux.window ?? '']);
    await waitFor(async (see) => (see(await statusOf(world, '1')).status === 'exited' ? true : null), 'its exit');
    const { agent: back } = await call(world, 'revive', ['restart', 'worker-1']);
    expect(back).toMatchObject({ restarts: 1, ports: agent.ports });
    expect(back.tmux.window).not.toBe(agent.tmux.window);
    expect((await statusOf(world, '2')).tmux).toEqual(other.tmux);
  });

  it('may hold what is its own: that stays when the agent goes', async () => {
    const agent = await spawnOne(world, ['t1']);
    const made = await world.tmux(['split-window', '-d', '-t', agent.tmux.pane ?? '', '-P', '-F', '#{pane_id}', 'cat']);
    await call(world, 'status', ['pause', '1']);
    const left = await world.tmux(['list-panes', '-t', agent.tmux.window ?? '', '-F', '#{pane_id}']);
    expect(left.stdout).toBe(made.stdout);
    expect((await call(world, 'revive', ['resume', '1'])).agent.tmux.window).not.toBe(agent.tmux.window);
  });

  it('is found also by who lacks the variable that names its tmux server', async () => {
    const agent = await spawnOne(world, ['t1']);
    const few = { env: { SWARM_TMUX_SOCKET: undefined, TMUX_TMPDIR: world.dir } };
    const seen = (await call(world, 'status', ['status', '1'], few)).agent;
    expect(seen).toMatchObject({ status: 'idle', tmux: { window: agent.tmux.window, pane: agent.tmux.pane } });
    await call(world, 'send', ['send', '1', 'hello'], few);
    await call(world, 'spawn', ['spawn', '--agent', 'scripted', 't2'], few);
    expect((await world.tmux(['list-panes', '-a', '-F', '#{@swarm_agent}'])).stdout.trim().split('\n')).toHaveLength(2);
  });

  it('keeps the last words of an agent that crashed, and says how it ended', async () => {
    const script = world.write(
      '../crash.yaml',
      'on:\n  - prompt: boom\n    do: [{ say: Goodbye }, { wait: 700ms }, { crash: 3 }]\n  - prompt: kill\n    do: [{ wait: 700ms }, { crash: SIGKILL }]\n',
    );
    await spawnOne(world, ['t1', '--', '--script', script]);
    await call(world, 'send', ['send', '1', 'boom']);
    const died = await call(world, 'error', ['wait', '1', '--for', 'done'], { exit: 1 });
    expect(died.error).toMatchObject({ code: 'AGENT_DIED', message: expect.stringContaining('status 3') });
    expect(await statusOf(world, '1')).toMatchObject({ status: 'failed', reason: 'process exited with status 3' });
    await shows(world, '1', 'Goodbye');
    expect(await call(world, 'revive', ['restart', 'worker-1'])).toMatchObject({ resumed: true });
    await call(world, 'send', ['send', '1', 'kill']);
    expect((await world.swarm(['wait', '1', '--for', 'exited'])).exitCode).toBe(0);
    expect(await statusOf(world, '1')).toMatchObject({ status: 'failed', reason: 'process was ended by SIGKILL' });
  });
});
