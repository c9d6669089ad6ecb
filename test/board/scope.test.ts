import { describe, expect, it } from 'vitest';
import { mayOverlap } from '../../src/board/tasks/scope.ts';

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
    ['{src,lib}/a.ts', 'lib/a.ts', true],
    ['**', 'anything', true],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(mayOverlap(a, b)).toBe(expected);
    expect(mayOverlap(b, a)).toBe(expected);
  });
});
