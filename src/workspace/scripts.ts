import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';

/** A file of the repository that a command runs. */
export interface Script {
  /** Relative to the worktree. */
  readonly path: string;
  readonly sha256: string;
}

/** Programs that are given a script, and words before a command that are not it. */
const INTERPRETER =
  /^(?:.*\/)?(?:sh|bash|dash|zsh|ksh|fish|node|bun|deno|tsx|python[\d.]*|ruby|perl|php|make|just|source|\.)$/u;
const PREFIXES = new Set('exec env time nohup sudo command run ! { then do else if while'.split(' '));

/**
 * The repository's own files that command lines start (`./setup.sh`, `bash tools/x`, `cd a && ./b`), with what is in them
 * now: editing one changes what the command does. Reads a line as words, not as a shell does: what it can't see
 * (a name in a variable, what a script starts in turn) counts as no script.
 */
export function scriptsOf(lines: readonly string[], root: string): Script[] {
  const paths = new Set(lines.flatMap((line) => candidates(line)));
  return [...paths].sort().flatMap((path) => {
    const sha256 = hashOf(root, path);
    return sha256 === null ? [] : [{ path: isAbsolute(path) ? relative(root, path) : path, sha256 }];
  });
}

/** Paths that may be scripts, also as seen from the folder that a `cd` went to. */
function candidates(line: string): string[] {
  let folder = '.';
  return line.split(/&&|\|\||[;|&\n()]/u).flatMap((command) => {
    const words = programWords(command);
    if (words[0] === 'cd') folder = join(folder, words[1] ?? '');
    return words.flatMap((word) => (isAbsolute(word) ? [word] : [normalize(word), join(folder, word)]));
  });
}

/** Words of a simple command that may name a script: its program, and what an interpreter is given. */
function programWords(command: string): string[] {
  const words = (command.match(/"[^"]*"|'[^']*'|[^\s"']+/gu) ?? []).map((word) => word.replace(/^["']|["']$/gu, ''));
  while (words[0] !== undefined && (PREFIXES.has(words[0]) || /^(?:\w+=|-)/u.test(words[0]))) words.shift();
  const [program, ...args] = words;
  if (program === undefined) return [];
  if (program !== 'cd' && !INTERPRETER.test(program)) return [program];
  return [program, ...args.filter((arg) => !arg.startsWith('-')).slice(0, 2)];
}

/** Hash of a file that lies inside the folder by its name, wherever a link leads. Null when there is none. */
function hashOf(root: string, path: string): string | null {
  const inside = isAbsolute(path) ? relative(root, path) : path;
  if (isAbsolute(inside) || inside.split(sep)[0] === '..') return null;
  try {
    const file = join(root, inside);
    return statSync(file).isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : null;
  } catch {
    return null;
  }
}
