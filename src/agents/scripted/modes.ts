import { parseDuration } from '../../lib/duration.ts';

/** How the scripted agent behaves as a terminal program: each way in which a real agent CLI makes delivery hard. */
export interface Modes {
  /** Milliseconds before it is ready. */
  readonly startup: number;
  /** What becomes of keys pressed before that: nothing, or text in the box, where Enter is a newline. */
  readonly early: 'lost' | 'kept';
  /** Enter within so many milliseconds of other input is a newline. */
  readonly burst: number;
  /** Reads its input late: milliseconds per kB. */
  readonly slow: number;
  /** Asks for permission: when it is ready, once something was pasted, or in turn N. */
  readonly dialog: 'start' | 'after-paste' | number | null;
  /** Asks at the start whether the folder is trusted. The answer chosen beforehand is No. */
  readonly trust: boolean;
  /** Swallows so many Enters. */
  readonly eatEnter: number;
  /** Keys that empty the box: C-u, C-c, Escape. */
  readonly clearKeys: readonly string[];
  readonly ignorePaste: boolean;
  /** A leading ! / # makes a prompt a command of the CLI's own. It is logged and not run. */
  readonly commands: boolean;
  /** Puts a prompt that is interrupted before anything came back into the box. */
  readonly restore: boolean;
  /** Draws on the alternate screen. */
  readonly alternate: boolean;
  /** Takes a prompt as an argument. */
  readonly argument: boolean;
  /** Reports events through the hook named by SWARM_HOOK. */
  readonly hooks: boolean;
}

export const defaultModes: Modes = {
  startup: 0,
  early: 'kept',
  burst: 0,
  slow: 0,
  dialog: null,
  trust: false,
  eatEnter: 0,
  clearKeys: ['C-u', 'C-c'],
  ignorePaste: false,
  commands: false,
  restore: false,
  alternate: false,
  argument: true,
  hooks: true,
};

type Reader = (text: string) => Partial<Modes> | null;

const READERS: Readonly<Record<keyof Modes, Reader>> = {
  startup: (text) => when(milliseconds(text), (startup) => ({ startup })),
  early: (text) => (text === 'lost' || text === 'kept' ? { early: text } : null),
  burst: (text) => when(milliseconds(text), (burst) => ({ burst })),
  slow: (text) => when(milliseconds(text), (slow) => ({ slow })),
  dialog: (text) => {
    const turn = /^(?:at )?(?:turn )?(\d+)$/.exec(text)?.[1];
    if (turn !== undefined) return { dialog: Number(turn) };
    if (text === 'none') return { dialog: null };
    const moment = /^(?:on )?(start|after[ -]paste)$/.exec(text)?.[1];
    return moment === undefined ? null : { dialog: moment === 'start' ? 'start' : 'after-paste' };
  },
  trust: (text) => when(flag(text), (trust) => ({ trust })),
  eatEnter: (text) => when(count(text), (eatEnter) => ({ eatEnter })),
  clearKeys: (text) => {
    const clearKeys = text.split(/[\s,]+/).filter((key) => key !== '');
    return clearKeys.every((key) => ['C-u', 'C-c', 'Escape'].includes(key)) ? { clearKeys } : null;
  },
  ignorePaste: (text) => when(flag(text), (ignorePaste) => ({ ignorePaste })),
  commands: (text) => when(flag(text), (commands) => ({ commands })),
  restore: (text) => when(flag(text), (restore) => ({ restore })),
  alternate: (text) => when(flag(text), (alternate) => ({ alternate })),
  argument: (text) => when(flag(text), (argument) => ({ argument })),
  hooks: (text) => when(flag(text), (hooks) => ({ hooks })),
};

export const modeNames: readonly string[] = Object.keys(READERS);

/** What `name: text` says; null when the text doesn't fit, undefined when there is no such mode. */
export function readMode(name: string, text: string): Partial<Modes> | null | undefined {
  return modeNames.includes(name) ? READERS[name as keyof Modes](text) : undefined;
}

/** `eatEnter` as an option (`eat-enter`) and in the environment (`EAT_ENTER`). */
export function modeFromWords(words: string): string {
  return words.toLowerCase().replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function when<T>(value: T | null, make: (value: T) => Partial<Modes>): Partial<Modes> | null {
  return value === null ? null : make(value);
}

/** A duration, or a bare number of milliseconds. */
function milliseconds(text: string): number | null {
  return count(text) ?? parseDuration(text);
}

function count(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function flag(text: string): boolean | null {
  if (['true', '1', 'yes', 'on', ''].includes(text)) return true;
  return ['false', '0', 'no', 'off'].includes(text) ? false : null;
}
