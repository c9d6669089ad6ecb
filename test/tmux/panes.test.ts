import { describe, expect, test } from 'vitest';
import { useWorld } from '../support/world.ts';
import { driver, openProgram, seen } from './support.ts';

const wait = 'setInterval(() => {}, 1000);';

describe('looking at panes', () => {
  const world = useWorld();

  test('facts survive titles, names and locales of any kind', async () => {
    const to = driver(world, { LC_ALL: 'C', LANG: 'C' });
    const made = await openProgram(world, to, `process.title = 'a|b\\tc d'; console.log('ready'); ${wait}`);
    await seen(to, made.pane, 'ready');
    await to.run(['select-pane', '-t', made.pane, '-T', 'x|y <é> 日本 #{pid}']);
    await to.run(['rename-window', '-t', made.window, 'näme | with\ttab']);
    const [facts] = await to.listAgentPanes();
    expect(facts).toMatchObject({
      pane: made.pane,
      pid: made.pid,
      title: expect.stringContaining('x|y <é> 日本'),
      dead: false,
    });
    expect(facts?.windowName).toContain('näme | with');
    expect(facts?.tty).toMatch(/^\/dev\//);
  });

  test('many screens in one look, each with its own facts; gone panes are left out', async () => {
    const to = driver(world);
    const one = await openProgram(
      world,
      to,
      `process.stdout.write('first \\x1b[31mred\\x1b[0m  \\n> '); ${wait}`,
      'one',
    );
    const two = await openProgram(world, to, `process.stdout.write('\\x1b[?1049h\\x1b[3;5Hsecond'); ${wait}`, 'two');
    await seen(to, one.pane, 'red');
    await seen(to, two.pane, 'second');
    const seenNow = await to.snapshot(['%99', two.pane, '%98', one.pane]);
    expect([...seenNow.keys()]).toEqual([two.pane, one.pane]);
    expect(seenNow.get(one.pane)).toMatchObject({ agentId: 'one', alternate: false, cursor: { x: 2, y: 1 } });
    expect(seenNow.get(one.pane)?.text.split('\n')[0]).toBe('first \x1b[31mred\x1b[39m  ');
    expect(seenNow.get(two.pane)).toMatchObject({ alternate: true, cursor: { x: 10, y: 2 }, height: 50 });
    expect(seenNow.get(two.pane)?.text.split('\n')).toHaveLength(51);
  });

  test('there are none on a server without a session, as one is between its last session and its end', async () => {
    const to = driver(world);
    await openProgram(world, to, wait);
    await to.run(['set-option', '-g', 'exit-empty', 'off']);
    await to.run(['kill-session', '-a']);
    await to.run(['kill-session']);
    expect(await to.listAgentPanes()).toEqual([]);
    expect(await to.snapshot(['%0'])).toEqual(new Map());
  });

  test('a capture gives the screen, or the last lines with history', async () => {
    const to = driver(world);
    const source = `for (let i = 1; i <= 120; i++) console.log('\\x1b[32mline ' + i + '\\x1b[0m'); ${wait}`;
    const made = await openProgram(world, to, source);
    await seen(to, made.pane, 'line 120');
    expect((await to.capture(made.pane)).split('\n')[0]).toBe('line 72');
    expect((await to.capture(made.pane, { lines: 100 })).split('\n')[0]).toBe('line 21');
    expect((await to.capture(made.pane, { lines: 2 })).trimEnd()).toBe('line 119\nline 120');
    expect(await to.capture(made.pane, { lines: 1, ansi: true })).toContain('\x1b[32mline 120');
  });
});
