import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shell } from '../../src/agents/clis/shell.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { described, openAgent } from './support.ts';

const bot = described({ paste: 'line', ready: '^bot>' });

describe('programs that read lines', () => {
  const world = useWorld();
  const file = () => join(world.dir, 'lines');
  const received = () => (existsSync(file()) ? readFileSync(file(), 'utf8') : '');
  /** A line-mode program: the terminal hands it whole lines. */
  const argv = () =>
    [
      'FILE=',
      '/bin/sh',
      '-c',
      `printf 'bot> '; while IFS= read -r line; do printf '%s\\n' "$line" >>"$FILE"; printf 'ok\\nbot> '; done`,
    ].map((word) => (word === 'FILE=' ? `FILE=${file()}` : word));

  test('one line arrives as it is', async () => {
    const agent = await openAgent(world, { cli: bot, argv: argv() });
    const texts = [
      'hello',
      `it's "$(id)" \`x\` \\ ;`,
      '-n',
      '!x',
      'tab\tbed',
      'é 👩‍👩‍👧 日本',
      'x'.repeat(4000),
      '#{pane_id};',
      'with its line end\n',
    ];
    for (const text of texts) {
      expect(await agent.send(text)).toMatchObject({
        state: 'delivered',
        evidence: 'screen',
        attempts: 1,
        changes: [],
      });
    }
    expect(received()).toBe(texts.map((text) => `${text.replace(/\n$/, '')}\n`).join(''));
  });

  test('more than it can take is refused in words, and nothing is typed', async () => {
    const agent = await openAgent(world, { cli: bot, argv: argv() });
    for (const text of ['one\ntwo', 'x'.repeat(4095), 'é'.repeat(2048), 'a\n\n']) {
      await expect(agent.send(text)).rejects.toMatchObject({
        exit: 6,
        code: 'NOT_ONE_LINE',
        message: expect.stringContaining('Nothing was typed'),
      });
    }
    expect(received()).toBe('');
    expect(await agent.db.selectFrom('deliveries').selectAll().execute()).toEqual([]);
  });

  test('a slow program with an input pattern gets its line once', async () => {
    const cli = described({ paste: 'line', input: '^bot> (.*)$' });
    const loop = `printf 'bot> '; while IFS= read -r line; do sleep 1.3; printf '%s\\n' "$line" >>"$FILE"; printf 'ok\\nbot> '; done`;
    const agent = await openAgent(world, { cli, argv: [`FILE=${file()}`, '/bin/sh', '-c', loop] });
    expect(await agent.send('slow one')).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(await agent.send('slow two')).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(received()).toBe('slow one\nslow two\n');
  });

  test('a program that reads no more is not said to have got it', async () => {
    const stuck = ['/bin/sh', '-c', "printf 'bot> '; sleep 100"];
    const agent = await openAgent(world, { cli: bot, argv: stuck });
    const delivery = await agent.send('hello');
    expect(delivery).toMatchObject({ state: 'unknown', evidence: null, attempts: 1 });
  });

  test('a shell gets commands at its prompt, and not while one runs', async () => {
    for (const [name, argv] of Object.entries({ bash: ['bash', '--norc', '-i'], sh: ['/bin/sh', '-i'] })) {
      const agent = await openAgent(world, { name, cli: shell, argv });
      const out = join(world.dir, `out-${name}`);
      const command = `printf '%s' "a;b" > ${out}; sleep 2`;
      expect(await agent.send(command)).toMatchObject({ state: 'delivered', evidence: 'screen' });
      await waitFor((see) => (see(existsSync(out) && readFileSync(out, 'utf8')) === 'a;b' ? true : null), 'its output');
      expect(await agent.send('echo never', { timeoutMs: 200 })).toMatchObject({
        state: 'failed',
        attempts: 0,
        reason: expect.stringContaining('has its terminal'),
      });
      expect(await agent.send(`printf again >> ${out}`)).toMatchObject({ state: 'delivered' });
      await waitFor((see) => (see(readFileSync(out, 'utf8')) === 'a;bagain' ? true : null), 'its output');
      expect(await agent.to.capture(agent.pane)).not.toContain('never');
    }
  });
});

describe('CLIs that the config describes', () => {
  const world = useWorld();
  const mine = described({
    ready: '^❯',
    input: '^❯ (.*)$',
    busy: 'esc to interrupt',
    waiting: 'Esc to cancel$',
    clear: ['C-u'],
  });

  test('get exactly what was sent, with the same guarantees', async () => {
    const agent = await openAgent(world, { cli: mine });
    const texts = ['!not guarded', '/nor this', 'two\nlines', 'é'.repeat(2000)];
    for (const text of texts)
      expect(await agent.send(text, { raw: false })).toMatchObject({ state: 'delivered', changes: [] });
    expect(agent.prompts()).toEqual(texts);
    await agent.shows('ready');
    await agent.type('-l', 'a draft');
    await waitFor(async () => ((await agent.draft()) === 'a draft' ? true : null), 'the draft');
    expect(await agent.send('x', { timeoutMs: 200 })).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('draft'),
    });
    const asking = await openAgent(world, { name: 'worker-2', cli: mine, modes: ['--dialog', 'start'] });
    await asking.shows('waiting');
    expect(await asking.send('x', { timeoutMs: 200 })).toMatchObject({ state: 'failed' });
    expect(asking.log()).toEqual([]);
  });
});
