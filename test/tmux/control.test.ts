import { describe, expect, it } from 'vitest';
import { statOf } from '../../src/process/identity.ts';
import { controlledTmux } from '../../src/tmux/tmux.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { driver, openProgram, seen, session } from './support.ts';

const PRINT = `
  process.stdout.write('%end 1 2 1\\n%error\\n\\u001b[31mred é 漢\\u001b[0m\\n% percent\\n');
  setInterval(() => {}, 1000);
`;

describe('one connection to tmux', () => {
  const world = useWorld();
  const open = () => {
    const options = { socket: world.socket, env: world.env };
    return controlledTmux(options, async () => (await driver(world).findSession('the-session'))?.session ?? null);
  };

  it('sees what a process of its own sees, whatever is on the screen', async () => {
    const to = driver(world);
    const { pane } = await openProgram(world, to, PRINT);
    await seen(to, pane, '% percent');
    const control = open();
    try {
      const [over, by] = [await control.snapshot([pane, '%999']), await to.snapshot([pane])];
      expect(control.connected()).toBe(true);
      expect(over.get(pane)?.text).toContain('%end 1 2 1');
      expect({ ...over.get(pane), attached: 0 }).toEqual({ ...by.get(pane), attached: 0 });
      expect((await control.listAgentPanes()).map((one) => one.pane)).toEqual([pane]);
    } finally {
      await control.close();
    }
    await waitFor(async (see) => (see(await to.run(['list-clients'])) === '' ? true : null), 'the end of the client');
  });

  it('types under the same guards', async () => {
    const to = driver(world);
    const { pane, pid } = await openProgram(world, to, "process.stdin.on('data', (d) => console.log('got ' + d))");
    const control = open();
    try {
      expect(await control.keys(pane, { pid }, ['x', ';', "'", 'Enter'])).toEqual({ refused: null });
      await seen(to, pane, "got x;'");
      expect(await control.keys(pane, { pid: pid + 1 }, ['Enter'])).toEqual({ refused: 'replaced' });
      expect(await control.paste(pane, { pid }, 'two\nlines\n')).toEqual({ refused: null });
      await seen(to, pane, 'got lines');
      await expect(control.run(['select-window', '-t', '@999'])).rejects.toThrow(/no longer has the window/);
    } finally {
      await control.close();
    }
  });

  it('goes on by processes when it is cut off, and comes back', async () => {
    const to = driver(world);
    const { pane } = await openProgram(world, to, PRINT);
    await seen(to, pane, '% percent');
    const control = open();
    try {
      await control.snapshot([pane]);
      const { session: id } = await session(world, to);
      await to.run(['detach-client', '-s', id]);
      await waitFor(async () => (control.connected() ? null : true), 'the connection to be lost');
      expect((await control.snapshot([pane])).size).toBe(1);
      const again = async () => ((await control.snapshot([pane])).size === 1 && control.connected() ? true : null);
      await waitFor(again, 'the connection to come back');
    } finally {
      await control.close();
    }
  });

  it('presses no key twice when it is cut off before tmux has answered', async () => {
    const to = driver(world);
    const { pane, pid } = await openProgram(world, to, "process.stdin.on('data', (d) => console.log('got ' + d))");
    const server = Number(await to.display(pane, '#{pid}'));
    const control = open();
    try {
      await control.snapshot([pane]);
      const client = Number((await to.run(['list-clients', '-F', '#{client_pid}'])).trim());
      process.kill(server, 'SIGSTOP');
      await waitFor(
        async () => ((await statOf(server))?.state.startsWith('T') ? true : null),
        'the server to stand still',
      );
      const pressed = control.keys(pane, { pid }, ['x']).catch((error: unknown) => error);
      await new Promise(setImmediate);
      process.kill(client, 'SIGKILL');
      process.kill(server, 'SIGCONT');
      // tmux reads what was written to its client by itself, and may do so before it sees that the client has gone.
      const outcome = await pressed;
      const lost = outcome instanceof Error;
      if (lost) expect(outcome.message).toContain('the connection was lost before tmux answered');
      else expect(outcome).toEqual({ refused: null });
      expect(await to.keys(pane, { pid }, ['Enter'])).toEqual({ refused: null });
      await seen(to, pane, 'got');
      const typed = (await to.capture(pane)).match(/^got ?(x*)$/m)?.[1];
      expect(lost ? ['', 'x'] : ['x']).toContain(typed);
    } finally {
      process.kill(server, 'SIGCONT');
      await control.close();
    }
  });

  it('tells a server that is gone', async () => {
    const to = driver(world);
    const { pane } = await openProgram(world, to, PRINT);
    const control = open();
    try {
      await control.snapshot([pane]);
      await to.endServer();
      await waitFor(async () => (control.connected() ? null : true), 'the connection to be lost');
      expect(await control.listAgentPanes()).toEqual([]);
    } finally {
      await control.close();
    }
  });
});
