import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useWorld } from '../support/world.ts';
import { died, driver, seen, session } from './support.ts';

describe.each([{ hostile: false }, { hostile: true }])('agent windows, hostile settings: $hostile', ({ hostile }) => {
  const world = useWorld({ hostile });

  test('a session is found by its id, and only its first window takes the place of the placeholder', async () => {
    const to = driver(world);
    const first = await session(world, to);
    expect(first.placeholder).not.toBeNull();
    expect(await session(world, to)).toEqual(first);
    await to.run(['rename-session', '-t', first.session, 'mine']);
    expect(await session(world, to)).toEqual(first);

    const argv = ['sleep', '100'];
    const one = await to.newWindow({ session: first, name: 'one', cwd: world.repo, argv, agentId: 'a1' });
    // A second caller that saw the placeholder too.
    const two = await to.newWindow({ session: first, name: 'two', cwd: world.repo, argv, agentId: 'a2' });
    const windows = (await to.run(['list-windows', '-t', first.session, '-F', '#{window_id} #{window_name}'])).trim();
    expect(windows.split('\n')).toEqual([`${one.window} one`, `${two.window} two`]);
    expect(await session(world, to)).toEqual({ session: first.session, placeholder: null });
  });

  test('a window carries its identity, its size and what became of its program', async () => {
    const to = driver(world);
    const at = await session(world, to);
    const quick = await to.newWindow({
      session: at,
      name: 'worker-1 next.js: #(touch owned) #[fg=red];',
      cwd: world.repo,
      // tmux 3.3a may drop what a program writes in its very last moment: it ends a little after its words.
      argv: ['/bin/sh', '-c', 'echo last words; sleep 0.3; exit 7'],
      agentId: 'quick',
    });
    const killed = await to.newWindow({
      session: at,
      name: 'killed',
      cwd: world.repo,
      argv: ['/bin/sh', '-c', 'kill -9 $$'],
      agentId: 'killed',
    });
    const missing = await to.newWindow({
      session: at,
      name: 'missing',
      cwd: world.repo,
      argv: ['/nonexistent/program', 'x'],
      agentId: 'missing',
    });
    expect(await died(to, quick.pane)).toMatchObject({
      agentId: 'quick',
      window: quick.window,
      pid: quick.pid,
      deadStatus: 7,
      width: 200,
      windowName: 'worker-1 next.js: (touch owned) [fg=red];',
    });
    expect(await to.capture(quick.pane)).toContain('last words');
    expect(await died(to, killed.pane)).toMatchObject({ deadStatus: null, deadSignal: 9 });
    expect(await died(to, missing.pane)).toMatchObject({ deadStatus: 1 });
  });

  test('arguments arrive as they are, whatever the default shell, in the folder that was said', async () => {
    const to = driver(world);
    const cwd = join(world.dir, 'od#(touch pwned)d #{pid} d;');
    mkdirSync(cwd);
    const odd = ['a b', "it's", '$HOME', '`id`', '#{pane_id}', 'end;', ';', '\\;', '-x', '', '{', '%s'];
    const script = 'for word; do echo "<$word>"; done; pwd; echo "$#"; sleep 100';
    const made = await to.newWindow({
      session: await session(world, to),
      name: 'args',
      cwd,
      argv: ['/bin/sh', '-c', script, 'sh', ...odd],
      agentId: 'args',
    });
    await seen(to, made.pane, `\n${odd.length}\n`);
    const screen = await to.capture(made.pane);
    expect(screen.split('\n').slice(0, odd.length)).toEqual(odd.map((word) => `<${word}>`));
    expect(screen).toContain(cwd);
    expect(await world.tmux(['show-environment', '-g', 'SWARM_STATE_HOME'])).toMatchObject({ exitCode: 1 });
  });

  test('further panes are told apart from the agent, split by us or by the user', async () => {
    const to = driver(world);
    const argv = ['sleep', '100'];
    const made = await to.newWindow({
      session: await session(world, to),
      name: 'w',
      cwd: world.repo,
      argv,
      agentId: 'a',
    });
    const extra = await to.splitPane({ pane: made.pane, cwd: world.repo, argv, agentId: 'a', size: '30%' });
    await to.run(['split-window', '-d', '-t', made.pane, '--', ...argv]);
    const panes = (await to.listAgentPanes()).map(({ pane, agentId, extraOf }) => ({ pane, agentId, extraOf }));
    expect(panes).toHaveLength(2);
    expect(panes).toContainEqual({ pane: made.pane, agentId: 'a', extraOf: '' });
    expect(panes).toContainEqual({ pane: extra.pane, agentId: '', extraOf: 'a' });
  });

  test('a pane that ended starts again in its place', async () => {
    const to = driver(world);
    const argv = ['/bin/sh', '-c', 'exit 3'];
    const made = await to.newWindow({
      session: await session(world, to),
      name: 'w',
      cwd: world.repo,
      argv,
      agentId: 'a',
    });
    await died(to, made.pane);
    const again = await to.respawnPane({ pane: made.pane, cwd: world.repo, argv: ['sleep', '100'] });
    expect(again).toMatchObject({ window: made.window, pane: made.pane });
    expect(again.pid).not.toBe(made.pid);
    expect((await to.listAgentPanes())[0]).toMatchObject({ agentId: 'a', dead: false, pid: again.pid });
  });

  test('how a program ended is known even when tmux missed its end', async () => {
    const to = driver(world);
    const at = await session(world, to);
    for (let i = 0; i < 30; i++) {
      const made = await to.newWindow({
        session: at,
        name: 'w',
        cwd: world.repo,
        argv: ['sleep', '100'],
        agentId: `a${i}`,
      });
      process.kill(made.pid, 'SIGKILL');
      expect(await died(to, made.pane)).toMatchObject({ deadStatus: null, deadSignal: 9 });
    }
  });
});
