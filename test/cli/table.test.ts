import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cut, table } from '../../src/cli/table.ts';

const columns = [{ title: 'NAME' }, { title: 'REASON', shrinks: true }, { title: 'AGE', align: 'right' }] as const;

describe('table', () => {
  it('pads by what a cell takes on a screen, and leaves no space at the end of a line', () => {
    const red = '\u001b[31mwaiting\u001b[0m';
    const text = table(columns, [
      ['worker-1', red, '5m'],
      ['作業者', 'ok 👩‍💻', '12m'],
      ['x', '', ''],
    ]);
    expect(text).toBe(`NAME      REASON   AGE\nworker-1  ${red}   5m\n作業者    ok 👩‍💻    12m\nx\n`);
  });

  it('cuts the columns that may shrink to the width of the terminal', () => {
    const text = table(columns, [['worker-1', 'hook PreToolUse Bash in a long sentence', '5m']], 30);
    expect(text.split('\n')[1]).toBe('worker-1  hook PreToolUs…   5m');
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(30);
  });

  it('keeps what may not shrink, however narrow it gets', () => {
    expect(table(columns, [['worker-1', 'abcdefgh', '5m']], 5)).toContain('worker-1  abc…   5m');
  });
});

describe('cut', () => {
  it('never splits a letter and never exceeds the width', () => {
    expect(cut('作業者です', 6)).toBe('作業…');
    expect(cut('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
    expect(cut('short', 5)).toBe('short');
  });
});
