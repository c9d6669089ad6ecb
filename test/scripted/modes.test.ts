import { describe, expect, it } from 'vitest';
import { useWorld } from '../support/world.ts';
import { openPane } from './support.ts';

const world = useWorld();

/** Texts that have gone wrong somewhere. */
const ZOO: Readonly<Record<string, string>> = {
  'one word': 'hello',
  quotes: `it's "quoted" \`x\` $(y) \${Z} \\n`,
  'a trailing semicolon': 'run make;',
  'a leading dash': '-n --help',
  tabs: '\tone\t\ttwo\t',
  emoji: '😀 👩‍👩‍👧 e\u0301 \u202eright to left\u202c العربية',
  'blank lines': '\n\n  indented\n\n',
  'CR and CRLF': 'one\r\ntwo\rthree\r\n',
  '500 lines': Array.from({ length: 500 }, (_, i) => `${i}: some line of a prompt`).join('\n'),
  '200 kB': 'äöü 0123456789 abcdefghijklmnopqrstuvwxyz\n'.repeat(4700),
  commands: '!rm -rf x',
};

describe('what was pasted', () => {
  it('arrives to the byte', async () => {
    const pane = await openPane(world);
    await pane.until('ready');
    for (const [i, text] of Object.values(ZOO).entries()) {
      await pane.paste(text);
      await pane.keys('Enter');
      const line = (await pane.received(i + 1)).at(-1);
      expect(line).toMatchObject({ prompt: text, source: 'pasted', bytes: Buffer.byteLength(text) });
    }
    expect(pane.prompts()).toEqual(Object.values(ZOO));
  });

  it('arrives late and whole at a slow reader', async () => {
    const pane = await openPane(world, ['--slow', '2']);
    await pane.until('ready');
    const long = 'slowly\n'.repeat(8000);
    await pane.paste(long);
    await pane.keys('Enter');
    await pane.received(1);
    expect(pane.prompts()).toEqual([long]);
  });

  it('ends where a smuggled end of paste is, as in any terminal program', async () => {
    const pane = await openPane(world);
    await pane.until('ready');
    await pane.paste('one\u001b[201~two\rthree');
    await pane.received(1);
    await pane.until('ready', '❯ three');
    expect(pane.log()).toMatchObject([{ prompt: 'onetwo', source: 'pasted' }]);
  });
});

describe('the mode', () => {
  it('startup loses what comes early, or keeps it without submitting', async () => {
    const lost = await openPane(world, ['--startup=3s', '--early', 'lost']);
    const kept = await openPane(world, ['--startup=3s']);
    for (const pane of [lost, kept]) {
      await pane.keys('-l', 'too soon');
      await pane.keys('Enter');
    }
    for (const pane of [lost, kept]) await pane.until('ready');
    expect((await lost.look()).input.draft).toBe('');
    expect((await kept.look()).input.draft).toBe('too soon');
    expect(lost.log()).toMatchObject([{ swallowed: 'too soon', why: 'starting' }, { swallowed: '\n' }]);
    await kept.keys('-l', 'now');
    await kept.keys('Enter');
    await kept.received(1);
    expect(kept.prompts()).toEqual(['too soon\nnow']);
  });

  it('burst makes a quick Enter a newline', async () => {
    const pane = await openPane(world, ['--burst', '3s']);
    await pane.until('ready');
    await pane.paste('hello');
    await pane.keys('Enter');
    await pane.until('ready', '❯ hello\n\n──');
    expect(pane.log()).toMatchObject([{ swallowed: '\r', why: 'burst' }]);
  });

  it('dialog opens a question over the draft', async () => {
    const pane = await openPane(world, ['--dialog', 'after-paste']);
    await pane.until('ready');
    await pane.paste('my prompt');
    await pane.until('waiting', 'Do you want to proceed?');
    await pane.keys('Enter');
    await pane.until('ready', '❯ my prompt');
    await pane.keys('Enter');
    await pane.received(1);
    expect(pane.log()).toMatchObject([{ answer: 'Yes' }, { prompt: 'my prompt' }]);
    const atStart = await openPane(world, ['--dialog', 'start']);
    await atStart.until('waiting');
    const inTurn = await openPane(world, ['--dialog', '2', 'first']);
    await inTurn.until('ready', 'Done: first');
    await inTurn.paste('second');
    await inTurn.keys('Enter');
    await inTurn.until('waiting', 'Run a command');
    await inTurn.keys('Enter');
    await inTurn.until('ready', 'Done: second');
  });

  it('eatEnter, ignorePaste and clearKeys are bad habits', async () => {
    const pane = await openPane(world, ['--eat-enter', '1', '--clear-keys', 'Escape']);
    await pane.until('ready');
    await pane.paste('one');
    await pane.keys('Enter');
    await pane.keys('C-u');
    await pane.until('ready', '❯ one');
    await pane.keys('Enter');
    await pane.until('ready', 'Done: one');
    await pane.paste('two');
    await pane.keys('Escape');
    await pane.until('ready', '❯ Type your prompt');
    const deaf = await openPane(world, [], { script: 'ignorePaste: true\n' });
    await deaf.until('ready');
    await deaf.paste('hello');
    await deaf.keys('Enter');
    await deaf.keys('-l', 'typed');
    await deaf.until('ready', '❯ typed');
    expect(deaf.log()).toMatchObject([{ swallowed: 'hello', why: 'ignored' }]);
    expect(pane.log()).toMatchObject([{ swallowed: '\r', why: 'eaten' }, { prompt: 'one' }]);
  });

  it('commands takes a leading character for one, and runs nothing', async () => {
    const pane = await openPane(world, [], { env: { SWARM_SCRIPTED_COMMANDS: '1' } });
    await pane.until('ready');
    await pane.paste('!touch ran');
    await pane.keys('Enter');
    await pane.until('ready', 'Command not run: !touch ran');
    await pane.paste(' !touch ran');
    await pane.keys('Enter');
    await pane.received(1);
    expect(pane.log()).toMatchObject([{ command: '!touch ran' }, { prompt: ' !touch ran' }]);
    expect(await world.git(['status', '--porcelain'])).toBe('');
  });
});
