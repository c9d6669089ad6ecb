import { createHash } from 'node:crypto';
import { oneLine } from '../lib/text.ts';
import type { DialogOption, Look, Subject, WaitingKind } from './screen.ts';
import { untilOf } from './until.ts';

/** What an agent asks, as it is on its screen now. */
export interface Question {
  readonly kind: WaitingKind;
  /** The question itself, one line. */
  readonly text: string;
  /** What would be allowed, where the screen names it whole; null when that is not known. */
  readonly subject: Subject | null;
  /** rate-limit: when it ends, ISO 8601, where the screen says so; else null. */
  readonly until: string | null;
  /** The answers, in the order of the screen. Empty: they are not on the screen, or there are none. */
  readonly options: readonly DialogOption[];
}

/** What one of the agent's own hooks said it is about to do. */
export interface Ask {
  readonly subject: Subject;
  /** Names the hook's call: another call is another question, however alike. */
  readonly id: string;
}

/** A question and what tells it from one that reads the same. */
export interface Asked {
  readonly question: Question;
  /** Hash of what it says and of the hook's call behind it. */
  readonly instance: string;
  /** Id of the hook's call behind it; null when no hook told of it. */
  readonly told: string | null;
}

/** A turn that ended because the user's limit is used up. */
const LIMIT =
  /\blimit (?:reached|exceeded)\b|\bhit your\b.*\blimit\b|\b(?:usage|weekly|quota) limit\b|\bquota exceeded\b/iu;

/**
 * What the agent asks; null when it asks nothing. A dialog's subject is the screen's, in the words of the agent's own
 * hook where exactly one that came before says the same: a screen breaks long lines, a hook doesn't.
 * `asks`: what its hooks said since the turn began. `shownAt`: when the screen changed last, milliseconds since 1970.
 */
export function questionOf(look: Look, asks: readonly Ask[] = [], shownAt: number = Date.now()): Question | null {
  return askedOf(look, asks, shownAt)?.question ?? null;
}

/** The same with what tells the question from another one. */
export function askedOf(look: Look, asks: readonly Ask[], shownAt: number): Asked | null {
  if (look.state === 'error' && look.waiting === null) return limited(look, shownAt);
  if (look.waiting === null) return null;
  const { kind, options } = look.waiting;
  const text = oneLine(look.waiting.text);
  const { subject, id } = subjectOf(look.waiting.subject, asks);
  const until = kind === 'rate-limit' ? untilOf(text, shownAt) : null;
  return asked({ kind, text, subject, until, options }, id);
}

/** The input box is there again, but whatever were typed would meet the limit. */
function limited(look: Look, shownAt: number): Asked | null {
  if (!LIMIT.test(look.reason)) return null;
  const text = oneLine(look.reason);
  return asked({ kind: 'rate-limit', text, subject: null, until: untilOf(text, shownAt), options: [] }, null);
}

function asked(question: Question, id: string | null): Asked {
  const { kind, text, subject, options } = question;
  const said = JSON.stringify([kind, text, subject, options.map(({ label }) => label), id]);
  return { question, instance: createHash('sha256').update(said).digest('hex').slice(0, 32), told: id };
}

/** What the screen shows, in the words of the hooks that say the same. */
function subjectOf(shown: Subject | null, asks: readonly Ask[]): { subject: Subject | null; id: string | null } {
  const same = shown === null ? [] : asks.filter(({ subject }) => agree(shown, subject));
  const [newest] = same;
  if (newest === undefined) return { subject: shown, id: null };
  if (same.every(({ subject }) => subject.what === newest.subject.what)) return newest;
  // Two files of one name, and which of them is meant nobody knows; a command is what the screen says, breaks and all.
  return { subject: shown?.kind === 'command' ? shown : null, id: newest.id };
}

function agree(shown: Subject, told: Subject): boolean {
  if (shown.kind !== told.kind) return false;
  if (shown.kind === 'command') return squeezed(shown.what) === squeezed(told.what);
  // A screen names a file from the agent's folder.
  return told.what === shown.what || told.what.endsWith(`/${shown.what}`);
}

const squeezed = (text: string) => text.replace(/\s+/gu, '');

const WORDS: Readonly<Record<WaitingKind, string>> = {
  approve: 'approve',
  question: 'question',
  plan: 'plan',
  trust: 'trust',
  login: 'login',
  onboarding: 'onboarding',
  'rate-limit': 'rate limit',
};

/** Characters at most: it is a cell of a table. */
const WIDTH = 200;

/** A question in a few words: `approve command: npm test`, `question: Which database?`, `rate limit until 15:00: …`. */
export function questionWords({ kind, text, subject, until }: Question): string {
  if (subject !== null) return oneLine(`approve ${subject.kind}: ${subject.what}`, WIDTH);
  return oneLine(`${WORDS[kind]}${until === null ? '' : ` until ${clockWords(until)}`}: ${text}`, WIDTH);
}

/** A time for people here: `16:05`, on another day `2026-11-23 16:05`. */
export function clockWords(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  const two = (part: number) => String(part).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
