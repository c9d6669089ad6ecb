import { describe, expect, it } from 'vitest';
import { call, spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { entry, nodeFolder } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('swarm tui in a popup', () => {
  const world = useWorld();
  const terminal = useTerminal(world);
  const client = async () => {
    const format = '#{client_control_mode} #{client_name} #{@swarm_agent}#{@swarm_window}';
    const { stdout } = await world.tmux(['list-clients', '-F', format]);
    return stdout.split('\n').find((line) => line.startsWith('0 ')) ?? '';
  };
  const popup = async () => {
    const [, name = ''] = (await client()).split(' ');
    const variables = ['SWARM_TMUX_SOCKET', 'SWARM_STATE_HOME', 'HOME'].flatMap((one) => [
      '-e',
      `${one}=${world.env[one]}`,
    ]);
    const line = `${nodeFolder}/node '${entry}' tui --popup`;
    const ended = world.tmux([
      'display-popup',
      '-c',
      name,
      '-d',
      world.repo,
      '-w',
      '100',
      '-h',
      '20',
      ...variables,
      '-E',
      line,
    ]);
    await terminal.shows(/▌.*worker-1/);
    await terminal.shows(/↵ attach/);
    return { ended };
  };

  it('closes when one leaves it, and takes the client behind it to the agent', async () => {
    const first = await spawnOne(world, ['a']);
    const second = await spawnOne(world, ['b']);
    expect((await world.swarm(['wait', '--all'])).exitCode).toBe(0);
    await terminal.open({ columns: 120, rows: 32 });
    await terminal.type(`swarm attach worker-1`);
    await waitFor(async (see) => (see(await client()).endsWith(first.id) ? true : null), 'the client');

    const left = await popup();
    await terminal.keys('q');
    expect((await left.ended).exitCode).toBe(0);
    expect(await client()).toMatch(first.id);
    const attached = await popup();
    await terminal.keys('j');
    await terminal.shows(/▌.*worker-2/);
    await terminal.keys('Enter');
    expect((await attached.ended).exitCode).toBe(0);
    await waitFor(async (see) => (see(await client()).endsWith(second.id) ? true : null), 'the client at the second');
    expect(await terminal.screen()).not.toContain('↵ attach');
    expect((await call(world, 'ls', ['ls'])).agents).toHaveLength(2);
  });
});
