import ignore from 'ignore';
import picomatch from 'picomatch';
import { ancestorsOf } from '../git/untracked.ts';
import { exit, UserError } from '../lib/errors.ts';

/** A set of patterns for paths relative to the main worktree. */
export interface Patterns {
  /** Whether the path, or a folder it lies in, is meant. */
  matches(path: string, isFolder: boolean): boolean;
  /** Whether a pattern goes into this folder by name. Two asterisks do not: by a file anywhere, nobody means node_modules. */
  reachesInto(folder: string): boolean;
  /** Patterns that name one path each. */
  readonly literal: readonly string[];
}

/**
 * Globs of swarm.yaml: `.env*` is in the root, with two asterisks and a slash before it anywhere, and a folder means all
 * that is in it.
 * @throws UserError BAD_PATTERN (2) for what would leave the repository.
 */
export function globs(patterns: readonly string[], key: string): Patterns {
  const clean = patterns.map((pattern) =>
    requireInside(pattern, key)
      .replace(/^(?:\.\/)+/, '')
      .replace(/\/+$/, ''),
  );
  const tests = clean.map((pattern) => picomatch(pattern, { dot: true }));
  return {
    matches: (path) => [path, ...ancestorsOf(path)].some((one) => tests.some((test) => test(one))),
    reachesInto: (folder) => clean.some((pattern) => namesInto(pattern, folder)),
    literal: clean.filter((pattern) => !picomatch.scan(pattern).isGlob),
  };
}

/**
 * Lines of `.worktreeinclude`, in the syntax of .gitignore.
 * @throws UserError BAD_PATTERN (2) for what would leave the repository.
 */
export function gitignoreLines(text: string): Patterns {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  for (const line of lines) requireInside(line.replace(/^!/, '').replace(/^\//, ''), '.worktreeinclude');
  const rules = ignore().add(text);
  const anchored = lines.map((line) => line.trim().replace(/\/+$/, '')).filter((line) => line.includes('/'));
  return {
    matches: (path, isFolder) => rules.ignores(isFolder ? `${path}/` : path),
    reachesInto: (folder) => anchored.some((line) => namesInto(line.replace(/^\//, ''), folder)),
    literal: [],
  };
}

function namesInto(pattern: string, folder: string): boolean {
  const wanted = pattern.split('/');
  const parts = folder.split('/');
  if (wanted.length <= parts.length) return false;
  return parts.every((part, index) => {
    const glob = wanted[index] ?? '**';
    return glob !== '**' && picomatch.isMatch(part, glob, { dot: true });
  });
}

function requireInside(pattern: string, key: string): string {
  const problem = problemOf(pattern);
  if (problem === null) return pattern;
  throw new UserError({
    code: 'BAD_PATTERN',
    exit: exit.usage,
    message: `${key} has the pattern '${pattern}', ${problem}. Patterns are relative to the repository's root and stay in it.`,
    hint: 'swarm config show',
    details: { pattern, key },
  });
}

function problemOf(pattern: string): string | null {
  if (pattern.startsWith('/') || /^~(\/|$)/.test(pattern)) return 'which is an absolute path';
  if (pattern.split(/[/\\]/).includes('..')) return "which has '..' in it";
  if (pattern.trim() === '') return 'which is empty';
  if (pattern.split('/').includes('.git')) return "which is git's own folder";
  if (pattern.startsWith('!')) return "which starts with '!' (files.exclude says what to leave out)";
  return null;
}
