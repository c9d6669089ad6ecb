import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { errnoOf } from '../../lib/errors.ts';
import type { Session } from '../session.ts';
import type { ToolRecord } from './record.ts';
import { KEPT, toolCallsFile } from './recorder.ts';

type Place = Pick<Session, 'repo'>;
type Named = { readonly name: string };

/** The last tool calls of an agent, the oldest first: at most so many, and none before `since` (ISO 8601). */
export function lastToolCalls(session: Place, agent: Named, most: number, since: string | null): ToolRecord[] {
  const found: ToolRecord[] = [];
  for (let age = 0; age <= KEPT && found.length < most; age++) {
    const text = textOf(toolCallsFile(session, agent, age));
    if (text === null) break;
    for (const line of text.split('\n').reverse()) {
      const record = parse(line);
      if (record === null) continue;
      if (since !== null && record.timestamp < since) return found.reverse();
      if (found.push(record) >= most) break;
    }
  }
  return found.reverse();
}

/** Reads what is added to an agent's tool calls from now on, over the change to another file. */
export class ToolCallTail {
  readonly #session: Place;
  readonly #agent: Named;
  #file: { readonly inode: number; readonly offset: number };

  /** `whole`: of an agent that is new, from its first call on. */
  constructor(session: Place, agent: Named, whole: boolean) {
    this.#session = session;
    this.#agent = agent;
    const stats = statSync(toolCallsFile(session, agent), { throwIfNoEntry: false });
    this.#file = { inode: stats?.ino ?? 0, offset: whole ? 0 : (stats?.size ?? 0) };
  }

  /** The lines since the last call. */
  news(): ToolRecord[] {
    const { inode, offset } = this.#file;
    const now = readFrom(toolCallsFile(this.#session, this.#agent), offset, inode);
    if (now === null) return [];
    if (now.inode === inode || inode === 0) {
      this.#file = { inode: now.inode, offset: now.end };
      return linesOf(now.text);
    }
    const before = readFrom(toolCallsFile(this.#session, this.#agent, 1), offset, inode);
    this.#file = { inode: now.inode, offset: now.end };
    return [...linesOf(before?.inode === inode ? before.text : ''), ...linesOf(now.text)];
  }
}

/** Whole lines of a file from an offset on; from its beginning where it is another file, or shorter by now. */
function readFrom(file: string, from: number, inode: number): { inode: number; end: number; text: string } | null {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { ino, size } = fstatSync(fd);
    const start = ino === inode && from <= size ? from : 0;
    const buffer = Buffer.alloc(size - start);
    const read = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, start));
    const end = read.lastIndexOf(0x0a) + 1;
    return { inode: ino, end: start + end, text: read.toString('utf8', 0, end) };
  } finally {
    closeSync(fd);
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

const linesOf = (text: string): ToolRecord[] => text.split('\n').flatMap((line) => parse(line) ?? []);

/** Null for what is no line of ours, or half of one. */
function parse(line: string): ToolRecord | null {
  if (line === '') return null;
  try {
    const record: ToolRecord = JSON.parse(line);
    return typeof record.timestamp === 'string' ? record : null;
  } catch {
    return null;
  }
}
