import { describe, expect, it } from 'vitest';
import { nearest, oneLine, plainLine, tame } from '../../src/lib/text.ts';

describe('text for a terminal', () => {
  it('keeps colours, tabs and newlines, and shows whatever else would take effect', () => {
    expect(tame('a\tb\n\u001b[1;31mred\u001b[0m')).toBe('a\tb\n\u001b[1;31mred\u001b[0m');
    expect(tame('\u001b]0;title\u0007 \u001b[2J \r \u007f \u009b31m')).toBe('^[]0;title^G ^[[2J ^M ^? \\x9b31m');
  });

  it('is one line for a cell, without what moves, colours or reorders', () => {
    const hostile = 'feat\u001b]0;x\u0007ure\u001b[31m/\u202egpj.exe\nnext  word';
    expect(plainLine(hostile)).toBe('feature/gpj.exe next  word');
    expect(oneLine(hostile)).toBe('feature/gpj.exe next word');
    expect(oneLine('שלום 👩‍👩‍👧')).toBe('שלום 👩‍👩‍👧');
  });
});

describe('nearest', () => {
  const commands = ['copy', 'ls', 'rm', 'send', 'spawn', 'stop', 'status'];

  it.each([
    ['sned', ['send']],
    ['spwan', ['spawn']],
    ['sl', ['ls']],
    ['rn', ['rm']],
    ['sp', ['spawn']],
    ['stat', ['status']],
    ['nope', []],
    ['frobnicate', []],
  ])('%s: what was meant comes first, and nothing that merely has some of its letters', (word, expected) => {
    expect(nearest(word, commands, 1)).toEqual(expected);
  });
});
