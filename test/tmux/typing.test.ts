import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { died, driver, openProgram, seen } from './support.ts';

/** Raw, bracketed paste; everything it is sent goes into a file, and into its screen as JSON. */
const recorder = (file: string) => `
  const fs = require('node:fs');
  process.stdin.setRawMode(true);
  process.stdin.on('data', (bytes) => { fs.appendFileSync(${JSON.stringify(file)}, bytes); console.log(JSON.stringify(bytes.toString().slice(0, 80))); });
  process.stdout.write('\\x1b[?2004hready\\r\\n');`;

describe('typing into panes', () => {
  const world = useWorld();
  const file = () => join(world.dir, 'typed');
  const typed = (text: string) =>
    waitFor((see) => (see(readFileSync(file(), 'utf8')) === text ? true : null), 'what was typed');

  test('a paste arrives whole and framed, keys by their names', async () => {
    const to = driver(world);
    const { pane, pid } = await openProgram(world, to, recorder(file()));
    await seen(to, pane, 'ready');
    const text = `a\n\tb;\\ #{pane_id} $(id) '"\` é👩‍👩‍👧 ${'x'.repeat(200_000)};`;
    expect(await to.paste(pane, { pid }, text)).toEqual({ refused: null });
    await typed(`\x1b[200~${text}\x1b[201~`);
    expect(await to.keys(pane, { pid }, ['Enter', 'C-u', ';', "it's", '$HOME', '-l'])).toEqual({ refused: null });
    await typed(`\x1b[200~${text}\x1b[201~\r\x15;it's$HOME-l`);
    expect(await to.run(['list-buffers'])).toBe('');
  });

  test('nothing is typed into another process, a scrolled pane, or under a forbidden word', async () => {
    const to = driver(world);
    const { pane, pid } = await openProgram(
      world,
      to,
      `${recorder(file())} console.log('Proceed, {1} #a|b (y/n)? [日本]');`,
    );
    await seen(to, pane, 'Proceed');
    expect(await to.paste(pane, { pid: pid + 1 }, 'x')).toEqual({ refused: 'replaced' });
    expect(await to.paste('%99', { pid }, 'x')).toEqual({ refused: 'gone' });
    for (const word of ['Proceed, {1} #a', 'a|b', '(y/n)?', '[日本]']) {
      expect(await to.keys(pane, { pid, notOnScreen: ['absent', word] }, ['Enter'])).toEqual({ refused: 'screen' });
    }
    for (const words of [['Proceed', 'absent'], ['a.b']]) {
      expect(await to.keys(pane, { pid, onScreen: words }, ['Enter'])).toEqual({ refused: 'screen' });
    }
    await to.run(['copy-mode', '-t', pane]);
    expect(await to.keys(pane, { pid }, ['Enter'])).toEqual({ refused: 'mode' });
    expect(await to.paste(pane, { pid }, 'x')).toEqual({ refused: 'mode' });
    await to.run(['send-keys', '-t', pane, '-X', 'cancel']);
    await to.run(['select-pane', '-d', '-t', pane]);
    expect(await to.paste(pane, { pid }, 'x')).toEqual({ refused: 'input-off' });
    await to.run(['select-pane', '-e', '-t', pane]);
    expect(
      await to.keys(pane, { pid, notOnScreen: ['(y/m)', 'a.b', 'Proceed. .1'], onScreen: ['Proceed', 'a|b', '日本'] }, [
        'z',
      ]),
    ).toEqual({
      refused: null,
    });
    await typed('z');
    expect(await to.run(['list-buffers'])).toBe('');
  });

  test('200 pastes into panes that are ending leave the server alive', async () => {
    const to = driver(world);
    const first = await openProgram(world, to, '0');
    await died(to, first.pane);
    expect(await to.paste(first.pane, { pid: first.pid }, 'x')).toEqual({ refused: 'dead' });
    const outcomes = new Set<string | null>();
    for (let round = 0; round < 20; round++) {
      // Ends at once; the pastes race its end.
      const argv = ['/bin/sh', '-c', `sleep 0.0${round % 10}`];
      const { pid } = await to.respawnPane({ pane: first.pane, cwd: world.repo, argv });
      const all = await Promise.all(
        Array.from({ length: 10 }, () => to.paste(first.pane, { pid }, 'into the dying\n')),
      );
      for (const { refused } of all) outcomes.add(refused);
      await died(to, first.pane);
    }
    expect([...outcomes].every((one) => one === null || one === 'dead')).toBe(true);
    expect(await to.listAgentPanes()).toHaveLength(1);
    expect(await to.run(['list-buffers'])).toBe('');
  });
});
