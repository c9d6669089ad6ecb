import { chmodSync, statSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../lib/errors.ts';

/** Bytes of an event that are read; a larger one is known to have happened, and no more. */
const MOST_BYTES = 1024 * 1024;

/** Milliseconds after which an unfinished file's writer is taken to be dead. */
const ABANDONED = 60 * 60_000;
/** What a hook's file has, and one that was recorded has not. */
const WRITABLE = 0o200n;

/** One event that an agent's own hook reported through hooks/report. */
export interface SpoolEvent {
  /** When it was reported, ISO 8601. */
  readonly at: string;
  /** The hook's name: `Stop`, `PreToolUse`, … */
  readonly event: string;
  /** What the agent CLI said; null when that was nothing, no JSON, or over 1 MB. */
  readonly payload: unknown;
  /** Bytes that the agent CLI said. */
  readonly size: number;
  /** Absolute path. */
  readonly file: string;
}

/** The events in a spool folder in the order of their reporting. A missing folder holds none; files of others are left alone. */
export async function readSpool(dir: string): Promise<SpoolEvent[]> {
  const events: SpoolEvent[] = [];
  for (const entry of await spoolEntries(dir)) {
    const event = await readEvent(entry);
    if (event) events.push(event);
  }
  return events;
}

/**
 * The newest event first, each read when it is asked for: an agent's spool grows with every tool that it uses, and the
 * last few events tell most of what anybody wants to know. `since` (ISO 8601) ends it at what was reported before.
 */
export async function* newestEvents(dir: string, since = ''): AsyncGenerator<SpoolEvent, void> {
  for (const entry of (await spoolEntries(dir)).reverse()) {
    if (timeOf(entry) < since) return;
    const event = await readEvent(entry);
    if (event) yield event;
  }
}

/** Names of the files in a spool folder, by which {@link newEvents} tells what is new. */
export async function spoolNames(dir: string): Promise<ReadonlySet<string>> {
  return new Set(await names(dir));
}

/** The events that were reported since the names were taken, the oldest first. */
export async function newEvents(dir: string, before: ReadonlySet<string>): Promise<SpoolEvent[]> {
  const found = await spoolEntries(dir, before);
  const events = await Promise.all(found.map(readEvent));
  return events.filter((event) => event !== null);
}

/** A hook's file that lies in a spool. */
export interface SpoolEntry {
  readonly file: string;
  /** The hook's name. */
  readonly event: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  /** Whether it is in the agent's log already: its file says so itself, by not being writable any more. */
  readonly recorded: boolean;
}

/** What lies in a spool folder, oldest first; within the clock's grain, in the order of process numbers. */
export async function spoolEntries(dir: string, except: ReadonlySet<string> = new Set()): Promise<SpoolEntry[]> {
  const found = (await names(dir)).flatMap((name): SpoolEntry[] => {
    const event = except.has(name) ? undefined : /^\d+-(\w+)(?:-x)*\.json$/.exec(name)?.[1];
    if (event === undefined) return [];
    const file = join(dir, name);
    // Thousands of them: asking for one after the other costs less than as many promises.
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (!stats?.isFile()) return [];
    const { size, mtimeNs, mode } = stats;
    return [{ file, event, size: Number(size), mtimeNs, recorded: (mode & WRITABLE) === 0n }];
  });
  return found.sort((a, b) => (a.mtimeNs === b.mtimeNs ? (a.file < b.file ? -1 : 1) : a.mtimeNs < b.mtimeNs ? -1 : 1));
}

/** Marks a file as recorded; fine when it is gone. */
export function markRecorded(file: string): void {
  try {
    chmodSync(file, 0o400);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

const timeOf = ({ mtimeNs }: SpoolEntry) => new Date(Number(mtimeNs / 1_000_000n)).toISOString();

async function names(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Reads one; null when it is gone. */
export async function readEvent(entry: SpoolEntry): Promise<SpoolEvent | null> {
  const base = { at: timeOf(entry), event: entry.event, size: entry.size, file: entry.file };
  if (entry.size > MOST_BYTES) return { ...base, payload: null };
  try {
    return { ...base, payload: parse(await readFile(entry.file, 'utf8')) };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Removes what writers left that were killed halfway. */
export async function sweepSpool(dir: string): Promise<void> {
  for (const name of await names(dir)) {
    if (!/^\.\d+-\w+(?:-x)*$/.test(name)) continue;
    const file = join(dir, name);
    const stats = await stat(file).catch(() => null);
    if (stats && Date.now() - stats.mtimeMs > ABANDONED) await rm(file, { force: true });
  }
}
