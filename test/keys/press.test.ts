import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bindLine, commandLine, menuCommand, popupCommand, quietCommand } from '../../src/tmux/conf-lines.ts';
import { literal } from '../../src/tmux/words.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { driver } from '../tmux/support.ts';

describe('the keys of tmux', () => {
  const world = useWorld({ swarmYaml: 'agent: scripted\nkeys: { tmux.popup: C-g }\n' });
  const terminal = useTerminal(world);
  /** The session of the client and the agent whose window it shows. */
  const at = async () => (await world.tmux(['list-clients', '-F', '#{session_name} #{@swarm_window}'])).stdout.trim();
  const arrived = (wanted: string) => waitFor(async (see) => (see(await at()) === wanted ? true : null), wanted);
  const press = (key: string) => terminal.keys('C-b', key);
  const gone = (text: string) =>
    waitFor(async (see) => (see(await terminal.screen()).includes(text) ? null : true), `no '${text}'`);
  const agents = async () => (await call(world, 'ls', ['ls'])).agents;

  /** Keys bound, two agents, and a person who looks at the first. */
  const open = async () => {
    expect((await world.swarm(['keys', 'install'])).exitCode).toBe(0);
    const first = await spawnOne(world, ['a']);
    const second = await spawnOne(world, ['b']);
    await terminal.open();
    await terminal.type(`tmux -u -L ${world.socket} attach-session -t '=swarm-app'`);
    await world.tmux(['select-window', '-t', first.tmux.window ?? '']);
    await arrived(`swarm-app ${first.id}`);
    return { first, second };
  };

  it('open the team in a popup, and leave it', async () => {
    const { first, second } = await open();
    await press('C-g');
    await terminal.shows(/worker-2/);
    await terminal.shows(/│.*worker-1/);
    await terminal.keys('q');
    await gone('│');
    await arrived(`swarm-app ${first.id}`);
    await press('C-g');
    await terminal.shows(/│.*worker-2/);
    await terminal.keys('G', 'Enter');
    await arrived(`swarm-app ${second.id}`);
    await gone('│');
  });

  it('ask for a new agent’s prompt, and take it as it was typed', async () => {
    await open();
    const text = `it's "odd" $HOME \`touch evil\` $(touch evil) #(touch evil) #{pane_id} %% %1 {} ; ~ \\ -x; é`;
    await press('N');
    await terminal.shows(/A new agent, in .*\n.*Escape/);
    await terminal.type(text);
    await waitFor(async (see) => (see(await agents()).length === 3 ? true : null), 'a third agent');
    const [, , third] = await agents();
    await waitFor(
      async (see) => (see(await world.swarm(['capture', third?.name ?? ''])).stdout.includes(text) ? true : null),
      'the prompt on its screen',
    );
    expect((await world.tmux(['show-options', '-g'])).stdout).not.toContain('odd');
    await gone('A new agent');
    // Given up, by nothing and by Escape.
    await press('N');
    await terminal.shows(/A new agent/);
    await terminal.keys('Enter');
    await gone('A new agent');
    await press('N');
    await terminal.shows(/A new agent/);
    await terminal.keys('x', 'Escape');
    await gone('A new agent');
    expect(await agents()).toHaveLength(3);
  });

  it('send a prompt to the agent of the window, from any folder in it', async () => {
    const { second } = await open();
    await world.tmux(['split-window', '-c', '/', '-t', second.tmux.window ?? '', '/bin/sh']);
    await world.tmux(['select-window', '-t', second.tmux.window ?? '']);
    await press('P');
    await terminal.shows(/A prompt to worker-2/);
    await terminal.type('--now is a word; $HOME');
    await waitFor(
      async (see) => (see(await world.swarm(['capture', 'b'])).stdout.includes('--now is a word; $HOME') ? true : null),
      'the prompt on the screen',
    );
    await gone('A prompt to');
    await world.tmux(['new-window', '-t', '=swarm-app:', '/bin/sh']);
    await press('P');
    await terminal.shows(/This window is no agent's/);
  });

  it('go to who needs you, back to the last one, and say when there is none', async () => {
    const { first, second } = await open();
    await press('W');
    await terminal.shows(/No agent needs you/);
    expect((await world.swarm(['send', 'b', 'Hello'])).exitCode).toBe(0);
    expect((await world.swarm(['wait', 'b'])).exitCode).toBe(0);
    await press('W');
    await arrived(`swarm-app ${second.id}`);
    await press('B');
    await arrived(`swarm-app ${first.id}`);
    await press('B');
    await arrived(`swarm-app ${second.id}`);
    await press('A');
    await terminal.shows(/the last agent +\(B\)/);
    await terminal.keys('B');
    await arrived(`swarm-app ${first.id}`);
    // From a session of the person's own, in a folder of the repository.
    await world.tmux(['new-session', '-d', '-s', 'mine', '-c', world.repo, '/bin/sh']);
    await world.tmux(['switch-client', '-t', '=mine']);
    await arrived('mine');
    await press('B');
    await arrived(`swarm-app ${first.id}`);
  });
});

describe('the commands of keys', () => {
  const world = useWorld();
  const terminal = useTerminal(world);

  it('run a program anywhere, with its arguments as they are', async () => {
    const folder = join(world.dir, 'it\'s a #{pane_id}; #[x] $HOME "%H" folder');
    mkdirSync(folder);
    const program = join(folder, 'pro gram');
    const said = join(folder, 'said');
    writeFileSync(
      program,
      '#!/bin/sh\n{ pwd; echo "$TMUX_PANE|$SWARM_CLIENT|$PLACE"; printf "%s\\n" "$@"; } > "$SAID"\n',
      {
        mode: 0o700,
      },
    );
    const words = ["it's", '#(touch evil)', '$(touch evil)', 'a;', ';', '##', '#[bold]', '%%', '--x', 'é "q" \\'];
    const env = { PLACE: 'here\'s #S; "$HOME"', SAID: said };
    const known = { argv: [program, ...words], env };
    const popup = popupCommand('popup', known, { width: '90%', height: '90%' });
    const quiet = quietCommand('quiet', known);
    const menu = menuCommand('menu', "it's #S", [
      { name: "popup's #S", key: 'p', command: popup },
      { name: 'quiet', key: 'q', command: quiet },
    ]);
    const to = driver(world);
    await world.tmux(['new-session', '-d', '-c', literal(folder), '-s', 'mine', '/bin/sh']);
    const lines = [popup, quiet, menu].map(commandLine);
    const binds = [bindLine('S', "it's", popup), bindLine("'", 'b', quiet), bindLine('A', 'c', menu)];
    expect(await to.script([...lines, ...binds])).toMatchObject({ problem: null, stderr: '' });
    await terminal.open();
    await terminal.type(`tmux -u -L ${world.socket} attach-session -t '=mine'`);
    await waitFor(async (see) => (see((await world.tmux(['list-clients'])).stdout) === '' ? null : true), 'a client');
    const pane = (await world.tmux(['display-message', '-p', '-t', '=mine:', '#{pane_id}'])).stdout.trim();
    const client = (await world.tmux(['list-clients', '-F', '#{client_name}'])).stdout.trim();
    for (const [keys, name] of [
      [['C-b', 'S'], ''],
      [['C-b', "'"], client],
      [['C-b', 'A', 'p'], ''],
      [['C-b', 'A', 'q'], client],
    ] as readonly [string[], string][]) {
      writeFileSync(said, '');
      await terminal.keys(...keys.slice(0, 2));
      if (keys[2] !== undefined) {
        await terminal.shows(/┌─ it's #S ─.*\n.*│ popup's #S +\(p\) │/);
        await terminal.keys(keys[2]);
      }
      const answer = await waitFor((see) => {
        const text = see(readFileSync(said, 'utf8'));
        return text.endsWith(`${words.at(-1)}\n`) ? text.split('\n') : null;
      }, keys.join(' '));
      expect(answer.slice(1, -1)).toEqual([`${pane}|${name}|${env.PLACE}`, ...words]);
      if (name === '') expect(realpathSync(answer[0] ?? '')).toBe(folder);
    }
  });
});
