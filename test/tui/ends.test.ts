import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

/** Cursor shown, first screen, no mouse, lines wrap. */
const SANE = '1 0 0 1';
const TAKEN = '0 1 1 0';

describe('the end of swarm tui', () => {
  const world = useWorld();
  const terminal = useTerminal(world);
  const modes = async () => {
    const format = '#{cursor_flag} #{alternate_on} #{mouse_any_flag} #{wrap_flag}';
    return (await terminal.tmux('display-message', '-p', format)).trim();
  };
  const open = async (line = 'swarm tui; echo "left"$?') => {
    await terminal.open({ columns: 110, rows: 24 });
    await terminal.type(line);
    await terminal.shows(/↵ attach/);
    expect(await modes()).toBe(TAKEN);
  };
  const pidOf = async () => {
    const tty = (await terminal.tmux('display-message', '-p', '#{pane_tty}')).trim().replace('/dev/', '');
    const { stdout } = await run(['ps', '-t', tty, '-o', 'pid=,args=']);
    const line = stdout.split('\n').find((one) => / tui$/.test(one.trim()));
    if (line === undefined) throw new Error(`no swarm tui on ${tty}: ${stdout}`);
    return Number.parseInt(line, 10);
  };
  const alive = async () => (await call(world, 'ls', ['ls'])).agents.map(({ status }) => status);

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'by %s leaves the terminal sane and the agents at work',
    async (signal) => {
      await spawnOne(world, ['a', '-p', 'Hello']);
      await open();
      process.kill(await pidOf(), signal);
      await terminal.shows(/left130/);
      expect(await modes()).toBe(SANE);
      await terminal.run('echo typed');
      expect(await alive()).toEqual(['idle']);
    },
  );

  it('by q does nothing with the keys that come in with it', async () => {
    await spawnOne(world, ['a', '-p', 'Hello']);
    world.write('../bin/editor', `#!/bin/sh\ntouch '${world.dir}/opened'\n`);
    await run(['chmod', '+x', `${world.dir}/bin/editor`]);
    await open(`SWARM_EDITOR=${world.dir}/bin/editor swarm tui; echo "left"$?`);
    await terminal.keys('-l', '--', 'qes');
    await terminal.shows(/left0/);
    expect(await modes()).toBe(SANE);
    expect(existsSync(`${world.dir}/opened`)).toBe(false);
    await terminal.run('echo typed');
  });

  it('by q lets what was begun come to its end, and says what came of it', async () => {
    world.write('swarm.local.yaml', 'agent: scripted\n');
    await spawnOne(world, ['a', '-p', 'Hello']);
    await open();
    await terminal.keys('n');
    await terminal.shows(/New agent/);
    await terminal.keys('-l', '--', 'second');
    await terminal.keys('Enter');
    await terminal.keys('q');
    const screen = await terminal.shows(/left0/);
    expect(screen).toMatch(/… still making second/);
    expect(screen).toMatch(/worker-2 is made, on second/);
    expect(await modes()).toBe(SANE);
    expect(await alive()).toHaveLength(2);
  });

  it('by a signal comes once the program that has the terminal gives it back', async () => {
    await spawnOne(world, ['a', '-p', 'Hello']);
    await open('SHELL=/bin/sh swarm tui; echo "left"$?');
    const pid = await pidOf();
    await terminal.keys('s');
    await terminal.shows(/\$ *$/m);
    process.kill(pid, 'SIGTERM');
    await terminal.run('echo still a shell');
    await terminal.type('exit');
    await terminal.shows(/left130/);
    expect(await modes()).toBe(SANE);
    await terminal.run('echo typed');
    await waitFor(() => (exists(pid) ? null : true), 'its end');
  });

  it('by SIGKILL loses no agent, and reset is all that the terminal needs', async () => {
    await spawnOne(world, ['a', '-p', 'Hello']);
    await open();
    process.kill(await pidOf(), 'SIGKILL');
    await terminal.shows(/left137/);
    expect(await alive()).toEqual(['idle']);
    // Nobody could put it in order: what one types then ends with a line feed.
    await terminal.keys('-l', '--', "stty sane; printf '\\033c'");
    await terminal.keys('C-j');
    expect((await terminal.run('swarm ls')).exitCode).toBe(0);
  });

  it('by the end of its terminal leaves no process behind', async () => {
    await spawnOne(world, ['a', '-p', 'Hello']);
    await open();
    const pid = await pidOf();
    await terminal.close();
    await waitFor(() => (exists(pid) ? null : true), 'its end');
    expect(await alive()).toEqual(['idle']);
  });

  it('does not come with the end of the tmux server, whose agents it shows again when they are back', async () => {
    await spawnOne(world, ['a', '-p', 'Hello']);
    await open();
    await world.tmux(['kill-server']);
    await terminal.shows(/□ exited|✗ failed|\? unknown/);
    await terminal.keys('r');
    await terminal.shows(/worker-1 is restarted/);
    await terminal.shows(/▌ ○ idle/);
    await terminal.shows(/● Done: Hello|❯ Type your prompt/);
    await terminal.keys('q');
    await terminal.shows(/left0/);
    expect(await modes()).toBe(SANE);
  });
});

describe('where it can not be', () => {
  const world = useWorld();
  const terminal = useTerminal(world);
  it('refuses with exit 2 and swarm ls', async () => {
    const result = await world.swarm(['tui']);
    expect([result.exitCode, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain('swarm ls');
    expect((await world.swarm(['tui', '--json'])).jsonAs<{ error: { code: string } }>().error.code).toBe('NO_TERMINAL');
  });

  it('says which entry of keys: names no action', async () => {
    world.write('swarm.local.yaml', 'keys: { atach: F2 }\n');
    await terminal.open();
    const { exitCode, screen } = await terminal.run('swarm tui');
    expect(exitCode).toBe(2);
    expect(screen).toContain("'keys.atach' in the config names no action of swarm tui");
    expect(screen).toContain('Perhaps you mean: keys.attach');
  });
});

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
