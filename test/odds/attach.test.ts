import { describe, expect, it } from 'vitest';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { useTerminal } from './terminal.ts';

describe('swarm attach', () => {
  const world = useWorld();
  const terminal = useTerminal(world);
  const agentNow = async (name: string) => (await call(world, 'status', ['status', name])).agent;

  /** The one client of the world's server: its session and window, and whether it only reads. */
  const client = async () =>
    (await world.tmux(['list-clients', '-F', '#{session_name} #{@swarm_window} #{client_readonly}'])).stdout.trim();
  const arrived = (wanted: string) =>
    waitFor(async (see) => (see(await client()) === wanted ? true : null), `the client '${wanted}'`);
  const detach = async () => {
    await terminal.keys('C-b', 'd');
    await arrived('');
  };
  /** An agent that has ended its first turn. */
  const worked = async (ticket: string) => {
    const agent = await spawnOne(world, [ticket, '-p', 'Hello']);
    expect((await world.swarm(['wait', agent.name])).exitCode).toBe(0);
    return agent;
  };

  it('outside tmux takes over the terminal until one detaches, and what was unseen is seen', async () => {
    const first = await worked('a');
    const second = await worked('b');
    expect((await agentNow('worker-1')).unseen).toBe(true);
    await terminal.open();
    await terminal.type('swarm attach a; echo "back"$?');
    await arrived(`swarm-app ${first.id} 0`);
    await terminal.shows(/Hello/);
    expect((await agentNow('worker-1')).unseen).toBe(false);
    await terminal.keys('h', 'u', 'm');
    await waitFor(
      async (see) => (see(await world.swarm(['capture', 'a'])).stdout.includes('hum') ? true : null),
      'hum',
    );
    await detach();
    await terminal.shows(/back0/);

    await terminal.type('swarm attach --next');
    await arrived(`swarm-app ${second.id} 0`);
    await detach();
    expect((await terminal.run('swarm attach --next')).screen).toContain('No agent needs you');
    await terminal.type('clear; swarm attach - --read-only');
    await arrived(`swarm-app ${second.id} 1`);
    await terminal.keys('h', 'u', 'm');
    await detach();
    expect((await world.swarm(['capture', 'b'])).stdout).not.toContain('hum');
  });

  it('inside the same server brings the client there, by its pane and not by its name', async () => {
    const first = await spawnOne(world, ['a']);
    const second = await spawnOne(world, ['b']);
    await terminal.open();
    // The server has the environment of who started it, which was swarm.
    const own = ['SWARM_TMUX_SOCKET', 'SWARM_STATE_HOME'].map((name) => `-e ${name}=${world.env[name]}`);
    await terminal.type(`tmux -L ${world.socket} new-session -s mine ${own.join(' ')} /bin/sh`);
    await arrived('mine  0');
    await terminal.type('swarm attach b');
    await arrived(`swarm-app ${second.id} 0`);
    await world.tmux(['switch-client', '-t', '=mine']);
    await world.tmux(['rename-window', '-t', first.tmux.window ?? '', 'something else']);
    await terminal.type('swarm attach worker-1 --read-only --json > answer');
    await arrived(`swarm-app ${first.id} 1`);
    // A client that only reads stays so: tmux's own flag would turn it over.
    const { stdout } = await world.tmux([
      'display-message',
      '-p',
      '-t',
      '=mine:',
      '#{socket_path},#{pid},0|#{pane_id}',
    ]);
    const [TMUX = '', TMUX_PANE = ''] = stdout.trim().split('|');
    await world.tmux(['switch-client', '-t', '=mine']);
    expect((await world.swarm(['attach', 'b', '--read-only'], { env: { TMUX, TMUX_PANE } })).exitCode).toBe(0);
    await arrived(`swarm-app ${second.id} 1`);
  });

  it('says why it can not, and then nobody has seen anything', async () => {
    await worked('a');
    await spawnOne(world, ['b']);
    await call(world, 'status', ['pause', 'b']);
    expect(await refused(world, ['attach', 'b'], 3)).toMatchObject({
      code: 'NO_WINDOW',
      hint: 'swarm resume worker-2',
    });
    expect(await refused(world, ['attach', '-'], 3)).toMatchObject({ code: 'NO_LAST_AGENT' });
    expect(await refused(world, ['attach', 'a', '--next'], 2)).toMatchObject({ code: 'TWO_PLACES' });
    const nowhere = await world.swarm(['attach', 'a']);
    expect(nowhere).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('attach-session') });
    expect((await world.swarm(['spawn', 'x', '--attach', '--json'])).exitCode).toBe(2);
    await terminal.open({ inTmux: true });
    const { exitCode, screen } = await terminal.run('swarm attach a');
    expect(exitCode).toBe(4);
    expect(screen).toContain('inside another tmux server');
    expect(screen.replaceAll('\n', '')).toContain(`tmux -u -L ${world.socket} attach-session`);
    expect(await agentNow('a')).toMatchObject({ unseen: true });
  });

  it('comes right after a spawn', async () => {
    await terminal.open();
    await terminal.type('swarm spawn t --agent scripted --attach');
    await waitFor(async (see) => (/^swarm-app \S+ 0$/.test(see(await client())) ? true : null), 'the client');
    await detach();
    await terminal.shows(/worker-1/);
  });
});
