import { describe, expect, it } from 'vitest';
import { mayOverlap } from '../../src/lib/scope.ts';
import { ScopeIndex } from '../../src/lib/scope-index.ts';

describe('scopes that may touch the same file', () => {
  it.each([
    ['src/a.ts', 'src/a.ts', true],
    ['src/a.ts', 'src/b.ts', false],
    ['src', 'src/a.ts', true],
    ['./src/', 'src/deep/er/a.ts', true],
    ['src/api', 'src/apix/a.ts', false],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/a.js', false],
    ['src/*.ts', 'src/deep/a.ts', false],
    ['src/*/x.ts', 'src/deep/*.ts', true],
    ['src/**', 'src/deep/a.ts', true],
    ['**/*.test.ts', 'src/deep/a.test.ts', true],
    ['**/*.test.ts', 'src/deep/a.ts', false],
    ['**/*.test.ts', 'src/deep', true],
    ['src/**/a.ts', 'src/b/**/a.ts', true],
    ['a*c', 'ab*', true],
    ['a*c', 'b*', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['src/[ab].ts', 'src/a.ts', true],
    ['src/[ab].ts', 'lib/a.ts', false],
    ['src/x[ab].ts', 'src/a.ts', false],
    ['a{b,}', 'a', true],
    ['{src,lib}/a.ts', 'lib/a.ts', true],
    ['src/{api/v1,web}/a.ts', 'src/api/v1/a.ts', true],
    ['src/{api/v1,web}/a.ts', 'src/web', true],
    ['src/{api/v1,web}/a.ts', 'lib/a.ts', false],
    ['**', 'anything', true],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(mayOverlap(a, b)).toBe(expected);
    expect(mayOverlap(b, a)).toBe(expected);
  });

  it('are those for which there is a name that fits both', () => {
    const all = (letters: string, longest: number): string[] =>
      longest === 0 ? [''] : ['', ...all(letters, longest - 1).flatMap((end) => [...letters].map((one) => one + end))];
    const patterns = [...new Set(all('ab*?', 3))].filter((one) => one !== '');
    const names = [...new Set(all('ab', 6))].filter((one) => one !== '');
    const fitting = patterns.map((pattern) => {
      const form = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      return new Set(names.filter((name) => form.test(name)));
    });
    const overlap = (a: number, b: number) => [...(fitting[a] ?? [])].some((name) => fitting[b]?.has(name));
    const wrong = patterns.flatMap((a, i) =>
      patterns.flatMap((b, j) => (mayOverlap(a, b) === overlap(i, j) ? [] : [[a, b]])),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['*a', 'b', 'c'],
    ['?*a*', 'b', 'c'],
    ['**/a/', 'x.ts', 'y.ts'],
  ])('are told apart however often %s is in them', (part, end, other) => {
    const many = part.repeat(100);
    expect(mayOverlap(`${many}*${end}`, `${many}*${other}`)).toBe(false);
    expect(mayOverlap(`${many}${end}`, `${many}${end}`)).toBe(true);
  });

  it('are found among many as by comparing each with each', () => {
    const names = ['a', 'b.ts', '*', '*.ts', '**', 'a?', '.'];
    const paths = (depth: number): string[] =>
      depth === 0 ? [''] : paths(depth - 1).flatMap((path) => ['', ...names.map((name) => `${path}${name}/`)]);
    const patterns = [...new Set(paths(3))];
    const index = new ScopeIndex(patterns);
    for (const pattern of patterns.filter((_, at) => at % 7 === 0)) {
      const slowly = patterns.filter((other) => mayOverlap(pattern, other));
      expect(index.overlapping(pattern).sort()).toEqual(slowly.sort());
      expect(slowly).toContain(pattern);
    }
  });
});
