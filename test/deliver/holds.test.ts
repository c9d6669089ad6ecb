import { describe, expect, test } from 'vitest';
import { holding } from '../../src/agents/deliver/holds.ts';

const many = Array.from({ length: 30 }, (_, n) => `row ${n} of it`).join('\n');

describe('what an input box holds', () => {
  test.for([
    ['続けて', '続\n  けて', 'all'],
    ['cafe\u0301 noir', 'caf\u00e9 noir', 'all'],
    ['a\tb', 'a       b', 'all'],
    ['[Pasted text #1 +30 lines]', '[Pasted text #1 +30 lines]', 'all'],
    ['ship 🚀 it', 'ship it', 'part'],
    ['👩‍👩‍👧‍👦', '👩👩👧👦', 'part'],
    ['say שלום עולם now', 'say םולש םלוע now', 'part'],
    [many, 'row 0 of it\n\nrow 29 of it', 'part'],
    [many, '[Pasted text #3 +29 lines]', 'part'],
    [many, 'row 0 of it\n[...Truncated text #1 +20 lines...]\nrow 29 of it', 'part'],
    ['x'.repeat(2000), '[Pasted Content 2000 chars]', 'part'],
    ['續', '', 'empty'],
  ] as const)('%j is there in %j: %s', ([text, draft, holds]) => {
    expect(holding(draft, text)).toBe(holds);
  });

  test.for([
    ['続けて', '大事な下書き'],
    ['続けて', '続けて、でも'],
    ['hello', 'привет'],
    ['hello', '👍'],
    ['שלום', 'מחר'],
    ['longwait', '[Pasted text #1 +40 lines]'],
    [many, '[Pasted text #1 +40 lines]'],
    [many, '[Pasted text #1 +30 lines]\nand mine'],
    ['x'.repeat(2000), '[Pasted Content 9000 chars]'],
  ] as const)('%j is not what %j shows', ([text, draft]) => {
    expect(holding(draft, text)).toBe('other');
  });
});
