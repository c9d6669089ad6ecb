import { statSync } from 'node:fs';
import type { Observation } from '../agents/observe.ts';
import { type Session, spoolOf } from '../agents/session.ts';
import { cleanSpool } from '../agents/tools/cleanup.ts';
import { toolLine } from '../agents/tools/line.ts';
import type { ToolRecord } from '../agents/tools/record.ts';
import { recorderLock, recordToolCalls } from '../agents/tools/recorder.ts';
import { settleAll } from '../lib/parallel.ts';
import { type FileLock, holdFileLock } from '../process/file-lock.ts';
import type { AgentRow } from '../store/schema.ts';
import type { Job } from './jobs.ts';

/** Milliseconds between two looks for what hooks left long ago. */
const CLEANING = 10 * 60_000;
/** Milliseconds after which a call is history: recorded, and not told by a supervisor that starts later. */
const NEWS = 60_000;
/** A folder's time of change has the kernel's clock tick for a grain: what changed this lately may change again unseen. */
const TICK = 100;

/** Keeps each agent's tool_calls.jsonl, tells of the calls, and clears its spool of what is recorded and old. */
export class ToolCalls implements Job {
  readonly name = 'tool calls';
  readonly #tell: (line: string) => void;
  /** When each spool changed last, once it was read. */
  readonly #read = new Map<string, bigint>();
  readonly #cleaned = new Map<string, number>();
  #lock: FileLock | null = null;

  /** `tell` gets a line for each call. */
  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  async run(session: Session, team: readonly Observation[]): Promise<void> {
    // Somebody who reads the log may record just now.
    this.#lock = this.#lock?.held ? this.#lock : await holdFileLock(recorderLock(session));
    if (!this.#lock.held) return;
    const results = await settleAll(team, 1, ({ row }) => this.#record(session, row));
    for (const id of this.#read.keys()) if (!team.some(({ row }) => row.id === id)) this.#forget(id);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async settle(): Promise<void> {
    if (this.#lock?.held) await this.#lock.release();
    this.#lock = null;
  }

  async #record(session: Session, row: AgentRow): Promise<void> {
    const spool = spoolOf(session.repo, row);
    const changed = statSync(spool, { bigint: true, throwIfNoEntry: false })?.mtimeNs;
    if (changed === undefined) return;
    if (this.#read.get(row.id) !== changed) {
      const settled = Date.now() - Number(changed / 1_000_000n) > TICK;
      for (const record of await recordToolCalls(session, row)) this.#say(record);
      if (settled) this.#read.set(row.id, changed);
    }
    if (performance.now() - (this.#cleaned.get(row.id) ?? Number.NEGATIVE_INFINITY) < CLEANING) return;
    this.#cleaned.set(row.id, performance.now());
    await cleanSpool(spool);
  }

  #say(record: ToolRecord): void {
    const line = Date.now() - Date.parse(record.timestamp) > NEWS ? null : toolLine(record);
    if (line !== null) this.#tell(line);
  }

  #forget(id: string): void {
    this.#read.delete(id);
    this.#cleaned.delete(id);
  }
}
