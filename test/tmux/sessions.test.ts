import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeToTerminal } from '../../src/process/terminal.ts';
import { tmux } from '../../src/tmux/tmux.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { driver, session } from './support.ts';

describe('sessions', () => {
  const world = useWorld();

  test("a name that is another's gets a number, one with dots and colons is made fit", async () => {
    const to = driver(world);
    await world.tmux(['new-session', '-d', '-s', 'next_js', 'sleep', '100']);
    const made = await to.ensureSession({ id: 'one', name: 'next.js', cwd: world.repo });
    expect(await to.display(made.session, '#{session_name}')).toBe('next_js-2');
    const other = await to.ensureSession({ id: 'two', name: 'next.js', cwd: world.repo });
    expect(await to.display(other.session, '#{session_name}')).toBe('next_js-3');
    expect(await to.findSession('one')).toEqual(made);
    expect(await to.findSession('on')).toBeNull();
  });

  test('what somebody opens beside the agents finds their server', async () => {
    const to = driver(world);
    const { session: made } = await to.ensureSession({ id: 'one', name: 'app', cwd: world.repo });
    const file = join(world.dir, 'socket');
    await world.tmux([
      'new-window',
      '-d',
      '-t',
      `${made}:`,
      `printf %s "$SWARM_TMUX_SOCKET" > '${file}.new'; mv '${file}.new' '${file}'`,
    ]);
    const read = () => (existsSync(file) ? readFileSync(file, 'utf8') : null);
    expect(await waitFor(async (see) => see(read()), 'what it was told')).toBe(world.socket);
  });

  test('no server is nothing found, and an error in words for what needs one', async () => {
    const to = driver(world);
    expect(await to.listAgentPanes()).toEqual([]);
    expect(await to.snapshot(['%1'])).toEqual(new Map());
    expect(await to.findSession('one')).toBeNull();
    await expect(to.run(['list-clients'])).rejects.toMatchObject({ code: 'TMUX_NO_SERVER' });
    await session(world, to);
    await expect(to.run(['list-panes', '-t', '%99'])).rejects.toMatchObject({ code: 'TMUX_NO_TARGET' });
    await expect(to.run(['list-panes', '-Q'])).rejects.toMatchObject({ code: 'TMUX_FAILED' });
  });

  test('a missing or an old tmux is exit 5', async () => {
    const wanted = { id: 'one', name: 'app', cwd: world.repo };
    const none = tmux({ socket: world.socket, env: { ...world.env, PATH: world.bin } });
    await expect(none.ensureSession(wanted)).rejects.toMatchObject({ exit: 5, code: 'MISSING_PROGRAM' });
    writeFileSync(join(world.bin, 'tmux'), '#!/bin/sh\n[ "$1" = -V ] && echo "tmux 3.1c" && exit\nexit 1\n');
    chmodSync(join(world.bin, 'tmux'), 0o755);
    await expect(driver(world).requireVersion()).rejects.toMatchObject({ exit: 5, code: 'OLD_TMUX' });
    for (const version of ['3.2', '3.3a', 'next-3.6', 'master', 'openbsd-7.6', '4.0']) {
      writeFileSync(join(world.bin, 'tmux'), `#!/bin/sh\necho "tmux ${version}"\n`);
      expect(await driver(world).requireVersion()).toBe(version);
    }
  });

  test('the current session is that of the window the caller is in, on this server only', async () => {
    const plain = driver(world);
    await expect(plain.currentSession()).rejects.toMatchObject({ exit: 2, code: 'NOT_IN_TMUX' });
    await world.tmux(['new-session', '-d', '-s', 'mine', 'sleep', '100']);
    await world.tmux(['new-session', '-d', '-s', 'other', 'sleep', '100']);
    const format = '#{session_id}|#{pane_id}|#{socket_path},#{pid},0';
    const [id, pane = '', inside = ''] = (await plain.display('=mine:', format)).split('|');
    expect(await driver(world, { TMUX: inside, TMUX_PANE: pane }).currentSession()).toMatchObject({ session: id });
    const elsewhere = driver(world, { TMUX: '/tmp/elsewhere,1,0', TMUX_PANE: pane });
    await expect(elsewhere.currentSession()).rejects.toMatchObject({ code: 'OTHER_TMUX_SERVER' });
    const to = { session: id ?? '', window: await plain.display('=mine:', '#{window_id}'), pane };
    await expect(elsewhere.goTo(to)).rejects.toMatchObject({ exit: 4, code: 'OTHER_TMUX_SERVER' });
    expect(await plain.goTo(to, { readOnly: true })).toEqual({
      switched: false,
      argv: ['tmux', '-u', '-L', world.socket, 'attach-session', '-r', '-t', id],
    });
    await expect(driver(world, { TMUX: inside, TMUX_PANE: pane }).goTo(to)).rejects.toMatchObject({
      code: 'NO_CLIENT',
    });
  });

  test("terminals that look at swarm's session or at one with agents in it are told apart from others", async () => {
    const to = driver(world);
    const { session: ours } = await session(world, to);
    await world.tmux(['new-session', '-d', '-s', 'mine', 'sleep', '100']);
    const mine = await to.display('=mine:', '#{session_id}');
    for (const at of [ours, mine]) {
      const attach = ['env', '-u', 'TMUX', '-u', 'TMUX_PANE', 'tmux', '-L', world.socket, 'attach-session', '-t', at];
      await world.tmux(['new-session', '-d', '-x', '90', '-y', '20', ...attach]);
    }
    const both = await waitFor(async (see) => {
      const clients = see(await to.run(['list-clients', '-F', '#{session_id} #{client_tty}']))
        .trim()
        .split('\n');
      return clients.length === 2 ? new Map(clients.map((line) => line.split(' ') as [string, string])) : null;
    }, 'two clients');
    expect(await to.terminals('the-session', [])).toEqual([both.get(ours)]);
    expect(await to.terminals('another', [])).toEqual([]);
    expect((await to.terminals('the-session', [mine])).sort()).toEqual([...both.values()].sort());
    writeToTerminal(both.get(mine) ?? '', 'hello there');
    await waitFor(async (see) => {
      const panes = (await to.run(['list-panes', '-a', '-F', '#{pane_id}'])).trim().split('\n');
      const screens = await Promise.all(panes.map((pane) => to.capture(pane)));
      return see(screens).some((screen) => screen.includes('hello there')) ? true : null;
    }, 'the words');
  });

  test('inside tmux, the terminal that shows the caller goes there', async () => {
    const plain = driver(world);
    const sleep = ['sleep', '100'];
    await world.tmux(['new-session', '-d', '-s', 'mine', ...sleep]);
    const made = await plain.newWindow({
      session: await session(world),
      name: 'w',
      cwd: world.repo,
      argv: sleep,
      agentId: 'a',
    });
    const { session: at } = await session(world);
    await plain.run(['new-window', '-d', '-t', `${at}:`, '--', ...sleep]);
    // A person's terminal: a client in a pane of the same server.
    const attach = [
      'env',
      '-u',
      'TMUX',
      '-u',
      'TMUX_PANE',
      'tmux',
      '-L',
      world.socket,
      'attach-session',
      '-t',
      '=mine',
    ];
    await world.tmux(['new-session', '-d', '-s', 'terminal', '-x', '90', '-y', '20', ...attach]);
    const client = () => plain.run(['list-clients', '-F', '#{session_id}|#{window_id}|#{client_readonly}']);
    await waitFor(async () => ((await client()) === '' ? null : true), 'a client');
    const [pane = '', inside = ''] = (await plain.display('=mine:', '#{pane_id}|#{socket_path},#{pid},0')).split('|');
    const there = driver(world, { TMUX: inside, TMUX_PANE: pane });
    const to = { session: at, window: made.window, pane: made.pane };
    expect(await there.goTo(to, { readOnly: true })).toEqual({ switched: true });
    expect(await client()).toBe(`${at}|${made.window}|1\n`);
  });
});
