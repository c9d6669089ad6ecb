import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { run } from '../../src/process/run.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const SCRIPT = `on:
  - prompt: ask
    do: [ ask: rm -rf build, say: Allowed it. ]
  - prompt: long
    do: [ wait: 60s, say: Finished. ]
`;

/** The real program, keys in and screen out, in a terminal that has nothing to do with the agents' tmux server. */
describe('swarm tui in a real terminal', () => {
  const world = useWorld();
  const terminal = useTerminal(world);

  const scripted = (...words: string[]): Promise<Agent> => {
    const script = world.write('../script.yaml', SCRIPT);
    return spawnOne(world, [...words, '--', '--script', script]);
  };
  const open = async (size: { columns?: number; rows?: number } = {}) => {
    await terminal.open({ columns: 120, rows: 32, ...size });
    await terminal.type('swarm tui; echo "left"$?');
    await terminal.shows(/↵ attach/);
  };
  const agents = async () => (await call(world, 'ls', ['ls'])).agents;
  const named = async (name: string) => (await agents()).find((agent) => agent.name === name);
  const becomes = (name: string, status: string) =>
    waitFor(async (see) => (see((await named(name))?.status) === status ? true : null), `${name} ${status}`);
  const type = (text: string) => terminal.keys('-l', '--', text);
  /** The row of the list that the cursor is on. */
  const cursorAt = (name: string) => terminal.shows(new RegExp(`▌.*${name}`));
  const ready = () => terminal.shows(/\? help/);
  const modes = async () => {
    const format = '#{cursor_flag} #{alternate_on} #{mouse_any_flag} #{wrap_flag}';
    return (await terminal.tmux('display-message', '-p', format)).trim();
  };
  const SANE = '1 0 0 1';

  it('moves, filters, sorts, lays out, shows its tabs and help, and leaves the terminal as it was', async () => {
    await scripted('alpha', '-p', 'hello alpha');
    await scripted('beta', '-p', 'hello beta');
    await call(world, 'spawn', ['spawn', '--agent', 'shell', 'gamma']);
    const painting = String.raw`printf '\033[31mred\033[0m 漢字 \033]0;evil\007\n'`;
    await call(world, 'send', ['send', 'worker-3', painting]);
    await Promise.all(['worker-1', 'worker-2', 'worker-3'].map((name) => becomes(name, 'idle')));
    world.write('../app.worktrees/worker-1/new.txt', 'fresh line\n');
    await open();
    await terminal.shows(/3 agents · by attention/);
    await cursorAt('worker-1');
    await terminal.shows(/hello alpha/);

    await terminal.keys('j');
    await cursorAt('worker-2');
    await terminal.shows(/hello beta/);
    await terminal.keys('k');
    await cursorAt('worker-1');
    await terminal.keys('G');
    await cursorAt('worker-3');
    await terminal.shows(/│red 漢字/);
    expect(await terminal.tmux('capture-pane', '-p', '-e')).toMatch(/31m(?:.\[49m)?red/);
    expect(await terminal.tmux('display-message', '-p', '#{pane_title}')).not.toContain('evil');
    await terminal.keys('g', 'g');
    await cursorAt('worker-1');
    await terminal.keys('3');
    await cursorAt('worker-3');
    await terminal.keys('C-u');
    await cursorAt('worker-1');
    await terminal.keys('C-d');
    await cursorAt('worker-3');
    await terminal.keys('w');
    await cursorAt('worker-1');
    await terminal.keys('Down', 'Up', 'End', 'Home');
    await cursorAt('worker-1');

    await terminal.keys('d');
    await terminal.shows(/1 file .*\+1 -0/);
    await terminal.shows(/\+fresh line/);
    await terminal.keys('l');
    await terminal.shows(/status {2}/);
    await terminal.keys('i');
    await terminal.shows(/branch {8}alpha from main/);
    await terminal.shows(/Prompts/);
    await terminal.shows(/ {5}hello alpha/);
    await terminal.keys('PageDown', 'PageUp', 'Right', 'Left', ']');
    await terminal.shows(/● Done: hello alpha/);

    await terminal.keys('/');
    await type('beta');
    await terminal.shows(/1 agent · by attention · \/beta/);
    await terminal.keys('Enter');
    await ready();
    await terminal.keys('Escape');
    await terminal.shows(/3 agents · by attention/);
    await terminal.keys('t');
    await terminal.shows(/3 agents · by name/);
    await terminal.keys('v');
    await terminal.shows(/3 agents · by name *$/m);
    await terminal.keys('v', 'v', '>', '<');
    await terminal.keys('?');
    await terminal.shows(/half a page down/);
    await terminal.keys('Escape');
    await ready();
    await terminal.resize(70, 20);
    await terminal.shows(/^worker-2 /m);
    await terminal.resize(50, 20);
    await waitFor(async (see) => (/screen +diff/.test(see(await terminal.screen())) ? null : true), 'the list alone');
    expect(await modes()).toBe('0 1 1 0');
    await terminal.keys('q');
    await terminal.shows(/left0/);
    expect(await modes()).toBe(SANE);
  });

  it('prompts one and several, answers a question, and types live', async () => {
    await scripted('alpha');
    await scripted('beta');
    await becomes('worker-1', 'idle');
    await open();
    await terminal.keys('p');
    await terminal.shows(/Prompt worker-1/);
    await type('first');
    await terminal.keys('M-Enter');
    await type('second');
    await terminal.keys('Enter');
    await terminal.shows(/✓ worker-1 has the prompt/);
    await terminal.shows(/● Done: first/);

    await terminal.keys('Space', 'Space');
    await terminal.shows(/2 marked/);
    await terminal.keys('P');
    await terminal.shows(/Prompt 2 agents: worker-1, worker-2/);
    await type('to all');
    await terminal.keys('Enter');
    await terminal.shows(/worker-2 has the prompt/);
    // Who ended its turn first, both unseen, comes first: that may be either.
    await waitFor(async (see) => {
      const screen = see(await terminal.screen());
      if (/▌.*worker-1/.test(screen)) return true;
      await terminal.keys(/worker-1 .*▌/s.test(screen) ? 'k' : 'j');
      return null;
    }, 'the cursor on worker-1');
    await terminal.shows(/● Done: to all/);

    await terminal.keys('p');
    await terminal.shows(/Prompt worker-1/);
    await type('ask');
    await terminal.keys('Enter');
    await terminal.shows(/a approve/);
    await terminal.shows(/1 NEEDS YOU/);
    await terminal.keys('A');
    await terminal.shows(/2 {2}No +\(presses 2\)/);
    await terminal.keys('Escape');
    await ready();
    await terminal.keys('a');
    await terminal.shows(/command: rm -rf build/);
    await terminal.shows(/❯ y {2}Yes +\(presses 1\)/);
    await terminal.keys('Enter');
    await terminal.shows(/was answered: Yes/);
    await terminal.shows(/Allowed it\./);
    // The key applies until the next look at the team.
    await waitFor(async (see) => (/a approve/.test(see(await terminal.screen())) ? null : true), 'its question to go');
    await terminal.keys('a');
    await waitFor(
      async (see) => (/presses/.test(see(await terminal.screen())) ? null : true),
      'no dialog without a question',
    );

    await terminal.keys('Tab');
    await terminal.shows(/ctrl-q leave/);
    await type('q hum ü');
    await terminal.keys('BSpace', 'x');
    await terminal.shows(/❯ q hum x/);
    await terminal.keys('C-q');
    await ready();
    await terminal.keys('q');
    await terminal.shows(/left0/);
  });

  it('makes, forks, renames, stops, pauses, resumes, removes and takes back', async () => {
    const first = await scripted('alpha');
    await becomes('worker-1', 'idle');
    world.write('../app.worktrees/worker-1/new.txt', 'fresh line\n');
    await open();
    await terminal.keys('n');
    await terminal.shows(/New agent/);
    await type('beta');
    await terminal.keys('Tab');
    await type('hello beta');
    await terminal.keys('Tab');
    await type('0');
    await terminal.keys('Right', 'Right', 'Right', 'Right', 'Right', 'Right');
    await type('1');
    await terminal.shows(/scripted ×1/);
    await terminal.keys('Enter');
    await terminal.shows(/worker-2 is made, on beta/);

    await terminal.keys('/');
    await type('alpha');
    await terminal.keys('Enter');
    await cursorAt('worker-1');
    await terminal.keys('N');
    await terminal.shows(/base +alpha/);
    await terminal.keys('Escape');
    await ready();
    await terminal.keys('f');
    await terminal.shows(/Fork worker-1/);
    await type('alpha-2');
    await terminal.keys('Enter');
    await terminal.shows(/worker-3 is made, on alpha-2/);
    expect(existsSync(join(world.dir, 'app.worktrees/worker-3/new.txt'))).toBe(true);
    await terminal.keys('/');
    await terminal.keys('C-u');
    await type('worker-1');
    await terminal.keys('Enter');
    await cursorAt('worker-1');
    await terminal.keys('R');
    await terminal.shows(/Rename worker-1/);
    await terminal.keys('C-u');
    await type('first');
    await terminal.keys('Enter');
    await terminal.shows(/worker-1 is first now/);

    await terminal.keys('Escape');
    await terminal.shows(/3 agents/);
    await terminal.keys('/');
    await type('first');
    await terminal.keys('Enter');
    await cursorAt('first');
    await terminal.keys('x');
    await terminal.shows(/first is stopped; u takes it back/);
    await becomes('first', 'exited');
    await terminal.keys('u');
    await terminal.shows(/first is restarted/);
    await terminal.shows(/▌ ○ idle .*first/);
    await terminal.keys('C-z');
    await terminal.shows(/first is paused/);
    await becomes('first', 'paused');
    await terminal.keys('r');
    await terminal.shows(/first is resumed/);
    await terminal.shows(/▌ ○ idle .*first/);

    await terminal.keys('X');
    await terminal.shows(/untracked: new\.txt/);
    await terminal.keys('Enter');
    await ready();
    expect(await named('first')).toBeDefined();
    await terminal.keys('X');
    await terminal.shows(/remove it all the same/);
    // A dialog that opened by itself takes no yes for a moment.
    await waitFor(async (see) => {
      const open = see(await terminal.screen()).includes('remove it all the same');
      if (open) await terminal.keys('y');
      return open ? null : true;
    }, 'the answer');
    await terminal.shows(/first is removed; u brings it back/);
    // A yes that came after the dialog had closed opened the choice of what to copy.
    await waitFor(async (see) => {
      const open = see(await terminal.screen()).includes('Copy of');
      if (open) await terminal.keys('Escape');
      return open ? null : true;
    }, 'no other dialog');
    expect(existsSync(first.worktree ?? '')).toBe(false);
    await terminal.keys('u');
    await terminal.shows(/first is back with its files/);
    expect(existsSync(join(first.worktree ?? '', 'new.txt'))).toBe(true);

    await cursorAt('first');
    await terminal.keys('z');
    await terminal.shows(/· 1 hidden/);
    await terminal.keys('Z');
    await terminal.shows(/▌.*first/);
    await terminal.shows(/· \+1 hidden/);
    await terminal.keys('Z', 'u');
    await waitFor(async (see) => (/hidden/.test(see(await terminal.screen())) ? null : true), 'nobody hidden');
    await terminal.keys(':');
    await terminal.shows(/Actions/);
    await type('leave');
    await terminal.keys('Enter');
    await terminal.shows(/left0/);
  });

  it("commits an agent's work, under a message or the names of its files, and not while it works", async () => {
    const { worktree } = await scripted('alpha');
    await becomes('worker-1', 'idle');
    await open();
    const last = async () => (await run(['git', 'log', '-1', '--format=%s'], { cwd: worktree ?? '' })).stdout.trim();
    world.write('../app.worktrees/worker-1/new.txt', 'fresh line\n');
    await terminal.keys('c');
    await terminal.shows(/Commit the work of worker-1/);
    await type('Add a line');
    await terminal.keys('Enter');
    await terminal.shows(/worker-1: 1 file committed on alpha as [0-9a-f]{7}: Add a line/);
    expect(await last()).toBe('Add a line');

    world.write('../app.worktrees/worker-1/more.txt', 'another\n');
    await terminal.keys('c');
    await terminal.shows(/empty: the names of the files/);
    await terminal.keys('Enter');
    await terminal.shows(/Checkpoint of alpha: more\.txt/);
    expect(await last()).toBe('Checkpoint of alpha: more.txt');
    await terminal.keys('c', 'Enter');
    await terminal.shows(/✗ worker-1 has nothing to commit/);

    await call(world, 'send', ['send', 'worker-1', 'long']);
    world.write('../app.worktrees/worker-1/half.txt', 'half\n');
    await terminal.keys('c', 'Enter');
    await terminal.shows(/✗ worker-1 is working: it may be in the middle of a change/);
    expect(await last()).toBe('Checkpoint of alpha: more.txt');
    await terminal.keys('q');
    await terminal.shows(/left0/);
  });

  it('goes to the window, a shell and an editor and comes back, and copies', async () => {
    await scripted('alpha', '-p', 'hello');
    await becomes('worker-1', 'idle');
    await terminal.open({ columns: 120, rows: 32 });
    world.write('../bin/vim', '#!/bin/sh\necho "editing $1"; read answer\n');
    await terminal.tmux(
      'send-keys',
      '-l',
      '--',
      `chmod +x ${world.dir}/bin/vim; export SWARM_EDITOR=${world.dir}/bin/vim SHELL=/bin/sh`,
    );
    await terminal.keys('Enter');
    await terminal.type('swarm tui; echo "left"$?');
    await terminal.shows(/↵ attach/);
    const attached = async () =>
      (await world.tmux(['list-clients', '-F', '#{client_control_mode}'])).stdout.includes('0');
    await terminal.keys('Enter');
    await waitFor(async () => ((await attached()) ? true : null), 'a client');
    await terminal.keys('C-b', 'd');
    await ready();
    expect(await modes()).toBe('0 1 1 0');

    // Pressed twice, it is one shell.
    await type('ss');
    await terminal.shows(/\$ *$/m);
    await type('pwd; echo port-$PORT; exit');
    await terminal.shows(/exit/);
    await terminal.keys('Enter');
    await ready();
    expect(await terminal.screen()).not.toContain('✗');
    await terminal.keys('e');
    await terminal.shows(/editing .*worker-1/);
    await terminal.keys('Enter');
    await ready();

    await terminal.keys('y');
    await terminal.shows(/b {2}branch: alpha/);
    await terminal.keys('b');
    await terminal.shows(/Copied: branch: alpha/);

    await terminal.keys('-l', '--', '\u001b[<0;10;3M\u001b[<0;10;3M');
    await waitFor(async () => ((await attached()) ? true : null), 'a client by double click');
    await terminal.keys('C-b', 'd');
    await ready();
    await terminal.keys('C-c');
    await terminal.shows(/left0/);
    expect(await modes()).toBe(SANE);
  });
});
