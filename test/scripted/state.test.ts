import { describe, expect, it } from 'vitest';
import type { Input, Key } from '../../src/agents/scripted/input.ts';
import { defaultModes, type Modes } from '../../src/agents/scripted/modes.ts';
import { type Event, reduce } from '../../src/agents/scripted/reduce.ts';
import { entryLines, live } from '../../src/agents/scripted/render.ts';
import { draftText, type Effect, newState, type State } from '../../src/agents/scripted/state.ts';
import { columnsOf, wrap } from '../../src/agents/scripted/width.ts';

const key = (name: Key): Input => ({ type: 'key', key: name });
const text = (value: string): Input => ({ type: 'text', text: value });
const paste = (value: string): Input => ({ type: 'paste', text: value });

/** Inputs one second apart, from a ready agent on; the state and what was asked of the world. */
function play(inputs: readonly (Input | Event)[], some: Partial<Modes> = {}, ready = true) {
  const modes = { ...defaultModes, ...some };
  let state: State = newState(modes);
  const effects: Effect[] = [];
  const events: readonly (Input | Event)[] = ready ? [{ type: 'started' }, ...inputs] : inputs;
  events.forEach((one, i) => {
    const isInput = one.type === 'text' || one.type === 'paste' || one.type === 'key';
    const change = reduce(state, isInput ? { type: 'input', input: one, at: i * 1000 } : one, modes);
    state = change.state;
    effects.push(...change.effects);
  });
  return { state, effects: effects.filter((effect) => effect.do !== 'ready') };
}

const did = (effects: readonly Effect[]) => effects.map((effect) => effect.do);

describe('the box', () => {
  it.each([
    ['nothing', [key('enter')], '', []],
    ['text', [text('a'), text('b')], 'ab', []],
    ['a newline', [text('a'), key('newline'), text('b')], 'a\nb', []],
    ['a backslash before Enter', [text('a\\'), key('enter')], 'a\n', []],
    ['Backspace', [text('a😀'), key('backspace')], 'a', []],
    ['Backspace on a long paste', [text('a'), paste('x'.repeat(1001)), key('backspace')], 'a', []],
    ['Backspace on nothing', [key('backspace')], '', []],
    ['C-u', [text('a'), key('newline'), paste('b\nc'), key('C-u')], '', []],
    ['C-c on a draft', [text('a'), key('C-c')], '', []],
    ['Enter', [text('a'), key('enter')], '', ['received', 'turn']],
    ['C-d on a draft', [text('a'), key('C-d')], 'a', []],
    ['C-d', [key('C-d')], '', ['exit']],
    ['C-c twice', [key('C-c'), key('C-c')], '', ['exit']],
    ['C-c, then text', [key('C-c'), text('a')], 'a', []],
    ['Esc', [text('a'), key('escape')], 'a', []],
    ['tabs and arrows', [key('tab'), key('up'), key('other')], '', []],
    ['an empty paste', [paste(''), key('enter')], '', []],
  ] as const)('%s', (_, inputs, draft, effects) => {
    const after = play(inputs);
    expect(draftText(after.state)).toBe(draft);
    expect(did(after.effects)).toEqual(effects);
  });

  it('keeps a prompt of several pieces to the byte', () => {
    const long = '\t"$(x)" \\\r\n'.repeat(300);
    const { effects } = play([text('a '), paste(long), text(' b'), key('enter')]);
    expect(effects[0]).toEqual({
      do: 'received',
      prompt: { text: `a ${long} b`, source: 'pasted' },
      queued: false,
    });
  });

  it('queues while it works, and goes on with the queue after the turn and after Esc', () => {
    const three = [text('1'), key('enter'), text('2'), key('enter'), text('3'), key('enter')];
    const { state, effects } = play([...three, { type: 'turn-end', at: 0 }, key('escape')]);
    expect(did(effects)).toEqual(['received', 'turn', 'received', 'received', 'turn', 'interrupt', 'turn']);
    expect(state).toMatchObject({ phase: 'working', queue: [], turns: 3 });
    expect(state.transcript.map((entry) => entry.text)).toEqual([
      '1',
      '2',
      expect.stringContaining('Interrupted'),
      '3',
    ]);
  });
});

describe('a question', () => {
  const open: Event = {
    type: 'ask',
    dialog: { kind: 'question', text: 'Which?', options: ['red', 'green'], selected: 0 },
  };

  it.each([
    ['Enter', [key('enter')], 0],
    ['Down and Enter', [key('down'), key('down'), key('enter')], 1],
    ['Down, Up and Enter', [key('down'), key('up'), key('enter')], 0],
    ['a digit', [text('2')], 1],
    ['Esc', [key('escape')], null],
    ['C-c', [key('C-c')], null],
  ] as const)('is answered by %s', (_, inputs, option) => {
    const { state, effects } = play([open, ...inputs]);
    expect(effects).toMatchObject([{ do: 'answer', option }]);
    expect(state.dialog).toBeNull();
  });

  it('eats text, pastes and other digits, and spares the draft', () => {
    const inputs = [
      text('draft'),
      open,
      text('2 x'),
      text('7'),
      paste('1'),
      key('newline'),
      key('tab'),
      key('backspace'),
    ];
    const { state, effects } = play([...inputs, key('enter')]);
    expect(effects.map((effect) => (effect.do === 'swallowed' ? effect.text : effect.do))).toEqual(
      ['2 x', '7', '1', '\n', '\t'].concat('answer'),
    );
    expect(draftText(state)).toBe('draft');
  });

  it('stays when the turn ends', () => {
    expect(play([text('a'), key('enter'), open, { type: 'turn-end', at: 0 }]).state.dialog).not.toBeNull();
  });
});

describe('modes', () => {
  it('are the habits that they say', () => {
    expect(did(play([text('a'), key('enter'), key('enter')], { eatEnter: 1 }).effects)).toEqual([
      'swallowed',
      'received',
      'turn',
    ]);
    expect(draftText(play([text('a'), key('enter')], { burst: 1001 }).state)).toBe('a\n');
    expect(did(play([text('a'), key('enter')], { burst: 1000 }).effects)).toEqual(['received', 'turn']);
    expect(draftText(play([paste('a')], { ignorePaste: true }).state)).toBe('');
    expect(draftText(play([text('a'), key('C-u')], { clearKeys: [] }).state)).toBe('a');
    expect(did(play([paste('/x'), key('enter')], { commands: true }).effects)).toEqual(['command']);
    expect(did(play([paste('a'), key('enter'), key('enter')], { dialog: 'after-paste' }).effects)).toEqual([
      'answer',
      'received',
      'turn',
    ]);
    expect(did(play([key('enter')], { trust: true }).effects)).toEqual(['answer', 'exit']);
    const trusted = play([key('up'), key('enter'), text('a'), key('enter')], { trust: true });
    expect(did(trusted.effects)).toEqual(['answer', 'received', 'turn']);
    expect(draftText(play([text('a'), key('enter'), key('C-u'), paste('b')], {}, false).state)).toBe('a\nb');
    expect(did(play([text('a'), key('escape')], { early: 'lost' }, false).effects)).toEqual(['swallowed']);
    expect(play([{ type: 'hang' }, text('a'), key('enter')]).effects).toEqual([]);
  });
});

describe('the drawing', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the styles are removed
  const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/\u001b\[[0-9;]*m/g, ''));
  const crowded = play([
    text('1'),
    key('enter'),
    text('wide 日本語 '.repeat(40)),
    key('enter'),
    text('draft 😀 '.repeat(60)),
  ]).state;
  const states: readonly State[] = [
    play([]).state,
    crowded,
    play([{ type: 'ask', dialog: { kind: 'permission', text: 'x '.repeat(500), options: ['Yes', 'No'], selected: 1 } }])
      .state,
    play([paste('\u001b[31mred\u0007\tb\u0000')]).state,
  ];

  it.each([10, 11, 20, 79, 200])('fits into %i columns and any number of rows', (width) => {
    for (const state of states) {
      for (const height of [4, 6, 10, 50]) {
        const drawn = live(state, { width, height, now: 5000, footer: 'footer '.repeat(9) });
        const lines = plain(drawn.lines);
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        if (drawn.cursor) {
          expect(drawn.cursor.row).toBeLessThan(lines.length);
          expect(drawn.cursor.column).toBeLessThanOrEqual(width);
        }
      }
      for (const entry of state.transcript) {
        for (const line of plain(entryLines(entry, width))) expect(columnsOf(line)).toBeLessThanOrEqual(width);
      }
    }
  });

  it('lets no control character through', () => {
    const drawn = live(states[3] as State, { width: 40, height: 20, now: 0, footer: '' });
    expect(plain(drawn.lines)).toContain('❯ red    b');
  });

  it('wraps by columns', () => {
    expect(wrap('abcdef', 4)).toEqual(['abcd', 'ef']);
    expect(wrap('日本語', 4)).toEqual(['日本', '語']);
    expect(wrap('e\u0301e\u0301e\u0301', 2)).toEqual(['e\u0301e\u0301', 'e\u0301']);
    expect(wrap('', 4)).toEqual(['']);
    expect(columnsOf('a😀日e\u0301')).toBe(6);
  });
});
