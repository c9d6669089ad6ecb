import { messageOf } from '../../lib/errors.ts';
import { type Door, reject } from './door.ts';
import { isUnread } from './folder.ts';
import { isMap } from './read-tasks.ts';

/** Milliseconds for which a document that can't be read has to stay as it is: it may be in the writing. */
export const TORN = 1000;

/** Why a file that is too large can't be taken. */
export const TOO_LARGE = { code: 'TOO_LARGE', reason: 'it is larger than what is read: make it smaller' } as const;

/** A document that somebody else wrote. */
export type Found =
  | { readonly is: 'same' | 'waits' }
  /** It was rejected. */
  | { readonly is: 'broken' }
  | { readonly is: 'new'; readonly text: string; readonly value: Readonly<Record<string, unknown>> };

/** What is new in a file that holds a JSON map. Half of one gets a moment to become whole. */
export function changedDocument(door: Door, file: string): Found {
  const seen = door.folder.read(file);
  if (seen === null || door.memory.isOurs(file, seen.text)) return { is: 'same' };
  const { text, stamp } = seen;
  let reason = 'it is no map: expected { … }';
  try {
    const value: unknown = JSON.parse(text);
    if (isMap(value)) return { is: 'new', text, value };
  } catch (error) {
    reason = `it is no JSON: ${messageOf(error)}`;
  }
  if (!door.waits.over(`${file} ${stamp}`, TORN)) return { is: 'waits' };
  reject(door, file, { task: null, by: null, edit: text, ...brokenBy(text, reason) });
  return { is: 'broken' };
}

/** Why a document can't be taken: it is no JSON, or was not read. */
export function brokenBy(text: string, fault: string): { readonly code: string; readonly reason: string } {
  return isUnread(text) ? TOO_LARGE : { code: 'BAD_JSON', reason: fault };
}
