import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { type ApprovalRule, mayAllow, readRule } from '../../config/approvals.ts';
import type { Config } from '../../config/types.ts';
import type { Question } from '../question.ts';
import type { Subject } from '../screen.ts';
import { fits, isFoundIn } from './glob.ts';

/** What the rules say to a question. `rule`: the entry that decided, as it is written; null for none. */
export interface Ruling {
  readonly decision: 'allow' | 'deny' | 'none';
  readonly rule: string | null;
}

const NONE: Ruling = { decision: 'none', rule: null };

/**
 * What `approvals` says to a question of an agent in this worktree. Only to a permission whose subject is known whole.
 * `deny` wins and reads loosely, `allow` strictly: what is in doubt stays with a person.
 */
export function ruleFor({ kind, subject }: Question, approvals: Config['approvals'], worktree: string): Ruling {
  if (kind !== 'approve' || subject === null) return NONE;
  const about = (text: string) => readRule(text).kind === subject.kind;
  const denied = approvals.deny.find((text) => about(text) && denies(readRule(text), subject, worktree));
  if (denied !== undefined) return { decision: 'deny', rule: denied };
  const allowed = approvals.allow.find(
    (text) => about(text) && mayAllow(text) && allows(readRule(text), subject, worktree),
  );
  return allowed === undefined ? NONE : { decision: 'allow', rule: allowed };
}

/** Not a letter of an operator, a substitution, a glob qualifier (zsh runs code in those), or a control character. */
function isPlain(text: string, at: number): boolean {
  const letter = text[at] ?? '';
  if (letter === '$') return text[at + 1] !== '(' && text[at + 1] !== '{';
  return !/[;&|`<>()\p{Cc}\u2028\u2029]/u.test(letter);
}

function allows({ kind, pattern }: ApprovalRule, { what }: Subject, worktree: string): boolean {
  switch (kind) {
    case 'command': {
      const bare = pattern.endsWith(' *') && what === pattern.slice(0, -2);
      return bare || fits(pattern, what, isPlain);
    }
    case 'tool':
      return fits(pattern, what, (text, at) => /[\w.-]/u.test(text[at] ?? ''));
    case 'fetch': {
      const url = URL.canParse(what) ? new URL(what) : null;
      return url !== null && url.username + url.password === '' && fits(pattern, url.href, () => true);
    }
    case 'edit':
    case 'read': {
      const paths = pathsOf(what, worktree);
      // Folders and files that begin with a dot must be named: they hold settings.
      const test = picomatch(pattern.replace(/^(?:\.\/)+/u, ''), { nonegate: true, noextglob: true });
      return paths?.every((path) => test(path)) === true;
    }
  }
}

function denies({ kind, pattern }: ApprovalRule, { what }: Subject, worktree: string): boolean {
  switch (kind) {
    case 'command': {
      // As it is written, and as a shell reads it.
      const bare = what.replace(/\\\n/gu, '').replace(/["'\\]/gu, '');
      return [what, bare].some((text) => isFoundIn(pattern.replace(/\s+/gu, ' '), text.replace(/\s+/gu, ' ')));
    }
    case 'tool':
    case 'fetch':
      return isFoundIn(pattern, what);
    case 'edit':
    case 'read': {
      const test = picomatch(pattern.replace(/^(?:\.\/)+/u, ''), { dot: true, nocase: true, basename: true });
      const paths = [
        what,
        basename(what),
        relative(worktree, resolve(worktree, what)),
        ...(pathsOf(what, worktree) ?? []),
      ];
      return paths.some((path) => path.split('/').some((_, at, all) => test(all.slice(0, at + 1).join('/'))));
    }
  }
}

/**
 * A path inside the worktree, relative to it: as it is written, and where its links lead. Null for one that leaves it,
 * is the worktree itself, or is git's own.
 */
function pathsOf(what: string, worktree: string): readonly string[] | null {
  if (/\p{Cc}/u.test(what) || what.startsWith('~') || what.split(/[/\\]/u).includes('..')) return null;
  const root = realOf(worktree);
  const path = resolve(worktree, what);
  const real = realOf(path);
  if (root === null || real === null) return null;
  const written = [worktree, root].map((folder) => relative(folder, path)).find(isInside);
  const paths = written === undefined ? [] : [written, relative(root, real)];
  const own = (one: string) => one.split(sep).some((part) => part.toLowerCase() === '.git');
  return paths.length > 0 && paths.every((one) => isInside(one) && !own(one)) ? paths : null;
}

const isInside = (path: string) => path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);

/** Where a path leads, also one of which only the beginning is there. Null for a link to nowhere. */
function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    if (lstatSync(path, { throwIfNoEntry: false })) return null;
    const parent = dirname(path);
    const real = parent === path ? null : realOf(parent);
    return real === null ? null : join(real, basename(path));
  }
}
