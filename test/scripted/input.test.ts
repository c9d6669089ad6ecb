import { describe, expect, it } from 'vitest';
import { decode, flush, type Input, isPending, newDecoder } from '../../src/agents/scripted/input.ts';

const ESC = '\u001b';
const BEGIN = `${ESC}[200~`;
const END = `${ESC}[201~`;

/** What is read when the bytes come in pieces of `size`; pieces of text are joined again. */
function read(bytes: string | Buffer, size = Number.POSITIVE_INFINITY): Input[] {
  const data = Buffer.from(bytes as string);
  let decoder = newDecoder;
  const inputs: Input[] = [];
  const take = (more: readonly Input[]) => {
    for (const input of more) {
      const last = inputs.at(-1);
      if (input.type === 'text' && last?.type === 'text')
        inputs[inputs.length - 1] = { ...last, text: last.text + input.text };
      else inputs.push(input);
    }
  };
  for (let at = 0; at < data.length; at += Math.min(size, data.length)) {
    const decoded = decode(decoder, data.subarray(at, at + size));
    decoder = decoded.decoder;
    take(decoded.inputs);
  }
  take(flush(decoder).inputs);
  return inputs;
}

const key = (name: string) => ({ type: 'key', key: name });
const text = (value: string) => ({ type: 'text', text: value });
const paste = (value: string) => ({ type: 'paste', text: value });

const TABLE: readonly [string, string, readonly object[]][] = [
  ['text', 'hello wörld 😀', [text('hello wörld 😀')]],
  ['text and Enter', 'hello\r', [text('hello'), key('enter')]],
  ['line feed', 'a\nb', [text('a'), key('newline'), text('b')]],
  ['tab', 'a\tb', [text('a'), key('tab'), text('b')]],
  ['Alt-Enter', `${ESC}\r`, [key('newline')]],
  ['Shift-Enter', `${ESC}[13;2u`, [key('newline')]],
  [
    'control keys',
    '\u0015\u0003\u0004\u007f\b\u0001',
    ['C-u', 'C-c', 'C-d', 'backspace', 'backspace', 'other'].map(key),
  ],
  ['arrows', `${ESC}[A${ESC}OB`, [key('up'), key('down')]],
  ['an unknown sequence', `a${ESC}[?2026;1$yb`, [text('ab')]],
  ['a lone escape', ESC, [key('escape')]],
  ['escape twice', `${ESC}${ESC}`, [key('escape'), key('escape')]],
  ['a paste', `${BEGIN}one\ntwo${END}`, [paste('one\ntwo')]],
  ['an empty paste', `${BEGIN}${END}`, [paste('')]],
  ['a paste and Enter', `x${BEGIN}y${END}\r`, [text('x'), paste('y'), key('enter')]],
  ['two pastes', `${BEGIN}a${END}${BEGIN}b${END}`, [paste('a'), paste('b')]],
  ['escapes in a paste', `${BEGIN}a${ESC}[31mb${ESC}[20c${ESC}${END}`, [paste(`a${ESC}[31mb${ESC}[20c${ESC}`)]],
  ['CR and CRLF in a paste', `${BEGIN}a\r\nb\rc\n${END}`, [paste('a\r\nb\rc\n')]],
  ['a byte order mark', `${BEGIN}\ufeffa${END}`, [paste('\ufeffa')]],
  ['a smuggled end of paste', `${BEGIN}a${END}b\r${END}`, [paste('a'), text('b'), key('enter')]],
];

describe('the keyboard decoder', () => {
  it.each(TABLE)('reads %s', (_, bytes, expected) => {
    expect(read(bytes)).toEqual(expected);
  });

  it.each(TABLE.filter(([name]) => !name.startsWith('escape')))('reads %s byte by byte', (_, bytes, expected) => {
    expect(read(bytes, 1)).toEqual(expected);
  });

  it.each([1, 2, 3, 5, 7, 4096])('keeps 200 kB of a paste in pieces of %i', (size) => {
    const long = `${'wide 日本語 😀 e\u0301\t"$(x)" \\\n'.repeat(size < 4096 ? 50 : 6000)}end`;
    expect(read(BEGIN + long + END, size)).toEqual([paste(long)]);
  });

  it('keeps text that is no UTF-8 from stopping it', () => {
    expect(read(Buffer.from([0x61, 0xff, 0xc3, 0x0d]))).toEqual([text('a\ufffd\ufffd'), key('enter')]);
    expect(read(Buffer.from([0xc3, 0x28, 0x61]), 1)).toEqual([text('\ufffd(a')]);
  });

  it('says when an escape may yet become a sequence', () => {
    const half = decode(newDecoder, Buffer.from(ESC));
    expect(isPending(half.decoder)).toBe(true);
    expect(flush(half.decoder)).toEqual({ decoder: newDecoder, inputs: [key('escape')] });
    const inPaste = decode(newDecoder, Buffer.from(BEGIN + ESC));
    expect(isPending(inPaste.decoder)).toBe(false);
    expect(flush(inPaste.decoder).inputs).toEqual([]);
  });
});
