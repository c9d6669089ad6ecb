import { describe, expect, it } from 'vitest';
import { decode, flush } from '../../src/tui/input/decode.ts';
import { readKey, shownKey } from '../../src/tui/input/names.ts';

const ESC = '\u001b';
const keys = (text: string) => decode(text).inputs.map((input) => (input.kind === 'key' ? input.key : input.kind));

describe('what a terminal sends', () => {
  it.each([
    ['jk', ['j', 'k']],
    ['\r\t \u007f', ['Enter', 'Tab', 'Space', 'BSpace']],
    ['\u0003\u0004\u0011\u001d', ['C-c', 'C-d', 'C-q', 'C-]']],
    [`${ESC}[A${ESC}OB${ESC}[1;5C`, ['Up', 'Down', 'C-Right']],
    [`${ESC}[Z${ESC}[5~${ESC}[6~${ESC}[3~${ESC}[H`, ['BTab', 'PageUp', 'PageDown', 'DC', 'Home']],
    [`${ESC}OP${ESC}[15~${ESC}[24~`, ['F1', 'F5', 'F12']],
    [`${ESC}x${ESC}${'\r'}`, ['M-x', 'M-Enter']],
    [`${ESC}[107;5u${ESC}[27;5;107~`, ['C-k', 'C-k']],
    ['ü漢🙂', ['ü', '漢', '🙂']],
    ['\u0085\u009b', []],
  ])('%j is %j', (text, expected) => {
    expect(keys(text)).toEqual(expected);
  });

  it('a paste is one text, its line ends line feeds, and its keys no keys', () => {
    expect(decode(`a${ESC}[200~one\rtwo\r\nq${ESC}[201~b`).inputs).toEqual([
      { kind: 'key', key: 'a' },
      { kind: 'paste', text: 'one\ntwo\nq' },
      { kind: 'key', key: 'b' },
    ]);
  });

  it('waits for the end of what has begun, wherever it was cut', () => {
    const whole = `${ESC}[<0;12;3M${ESC}[200~some text${ESC}[201~${ESC}[1;5A`;
    for (let at = 1; at < whole.length; at++) {
      const first = decode(whole.slice(0, at));
      const second = decode(first.rest + whole.slice(at));
      expect({ at, inputs: [...first.inputs, ...second.inputs] }).toEqual({ at, ...{ inputs: decode(whole).inputs } });
    }
  });

  it('takes a lone Escape for the key once nothing follows, and never ends a paste early', () => {
    expect(decode(ESC)).toEqual({ inputs: [], rest: ESC });
    expect(flush(ESC)).toEqual([{ kind: 'key', key: 'Escape' }]);
    expect(flush(`${ESC}[200~half`)).toEqual([]);
  });

  it('reads presses and the wheel, and nothing of releases and other buttons', () => {
    const mouse = decode(`${ESC}[<0;12;3M${ESC}[<0;12;3m${ESC}[<2;1;1M${ESC}[<64;200;1M${ESC}[<65;1;9M`).inputs;
    expect(mouse).toEqual([
      { kind: 'mouse', mouse: { what: 'press', x: 11, y: 2 } },
      { kind: 'mouse', mouse: { what: 'wheel-up', x: 199, y: 0 } },
      { kind: 'mouse', mouse: { what: 'wheel-down', x: 0, y: 8 } },
    ]);
  });
});

describe('names of keys', () => {
  it.each([
    ['ctrl-d', 'C-d'],
    ['C-d', 'C-d'],
    ['Ctrl+D', 'C-d'],
    ['alt-x', 'M-x'],
    ['space', 'Space'],
    ['enter', 'Enter'],
    ['↵', 'Enter'],
    ['shift-tab', 'BTab'],
    ['F5', 'F5'],
    ['X', 'X'],
    ['pagedown', 'PageDown'],
    ['nonsense', null],
    ['', null],
  ])('%s is %s', (text, expected) => {
    expect(readKey(text)).toBe(expected);
  });

  it('are shown as people call them', () => {
    expect(['C-d', 'g g', 'Enter', 'M-Enter', 'PageUp', 'BTab'].map(shownKey)).toEqual([
      'ctrl-d',
      'gg',
      '↵',
      'alt-↵',
      'page-up',
      'shift-tab',
    ]);
  });
});
