import { hash } from 'node:crypto';
import { OPEN_MERGES } from '../../store/schema.ts';
import type { Board } from '../context.ts';
import { listTasks } from '../tasks/read.ts';
import { brokenBy, TORN } from './documents.ts';
import { type Door, guarded, reject, Waits } from './door.ts';
import { fileTask } from './file-task.ts';
import { Folder } from './folder.ts';
import { discoveriesOf, layoutOf } from './layout.ts';
import { withMirrorLock } from './locks.ts';
import { writeLogs } from './logs.ts';
import { knownFile, Memory } from './memory.ts';
import { readTasksFile } from './read-tasks.ts';
import { takeResults } from './results.ts';
import { memoryOf, messagesOf, snapshotOf } from './snapshot.ts';
import { takeMemory } from './take-memory.ts';
import { MESSAGE_FOLDERS, takeMessages } from './take-messages.ts';
import { type Halves, TASKS_FILE, takeTasks } from './take-tasks.ts';
import { DISCOVERIES_FILE, PLAN_FILE, takeDiscoveries, takePlan } from './take-texts.ts';
import { removeFiles, type Writing, writeFiles, writeRejections, writeResults } from './write.ts';

const LATE = 'swarm replaced the file just then: read it again and add to it';

/** The board as files, and a door through them. One process at a time: see `live.ts`. */
export class Mirror {
  readonly #board: Board;
  readonly #folder: Folder;
  readonly #memory: Memory;
  readonly #waits = new Waits();
  /** What was written into `tasks.json` at the moment in which it was replaced. */
  #late: string[] = [];
  #seen = '';
  #isFirst = true;

  constructor(board: Board, folder: string) {
    this.#board = board;
    this.#folder = new Folder(folder);
    this.#memory = new Memory(knownFile(board.stateDir), folder);
  }

  /**
   * Looks once: takes what others wrote into the files, then writes what is new on the board.
   * @returns whether it has to look again soon.
   */
  async look(): Promise<boolean> {
    const made = this.#folder.make();
    const signs = await this.#signs();
    if (signs === this.#seen) return false;
    const again = await withMirrorLock(this.#folder.path, () => this.#pass(made));
    if (again !== false) {
      this.#seen = '';
      return true;
    }
    this.#seen = signs;
    return false;
  }

  async #pass(made: ReadonlySet<string>): Promise<boolean> {
    if (this.#isFirst) this.#folder.sweep();
    const door: Door = {
      board: this.#board,
      folder: this.#folder,
      memory: this.#memory,
      waits: this.#waits,
      isFirst: this.#isFirst,
    };
    const waiting = new Set<string>();
    const taken = this.#present();
    let halves: Halves = new Map();
    await guarded(door, TASKS_FILE, waiting, async () => {
      halves = await this.#takeTasks(door, waiting, taken);
      return false;
    });
    await guarded(door, 'results', waiting, async () => {
      await takeResults(door, await listTasks(this.#board));
      return false;
    });
    await guarded(door, PLAN_FILE, waiting, () => takePlan(door));
    const remembered = await memoryOf(this.#board);
    await guarded(door, DISCOVERIES_FILE, waiting, () => takeDiscoveries(door, discoveriesOf({ memory: remembered })));
    for (const file of this.#folder.list('state/workers').filter((one) => one.endsWith('-memory.json'))) {
      await guarded(door, file, waiting, () => takeMemory(door, file, remembered));
    }
    const shown = new Map((await messagesOf(this.#board)).map((message) => [message.file, message]));
    await guarded(door, 'communication/messages', waiting, async () => {
      for (const file of await takeMessages(door, shown, made)) waiting.add(file);
      return false;
    });
    this.#isFirst = false;
    const again = await this.#write(door, { waiting, taken, halves });
    const more = await writeLogs(this.#board, this.#folder, this.#memory);
    this.#memory.save();
    return this.#waits.settle() || again || more;
  }

  /** The shared files as they are before anything of them is taken. */
  #present(): Map<string, string> {
    const files = [TASKS_FILE, PLAN_FILE, DISCOVERIES_FILE, ...this.#folder.list('state/workers')];
    const all = [...files, ...MESSAGE_FOLDERS.flatMap((folder) => this.#folder.list(folder))];
    return new Map(
      all.flatMap((file) => {
        const seen = this.#folder.read(file);
        return seen === null ? [] : [[file, seen.text] as const];
      }),
    );
  }

  async #takeTasks(door: Door, waiting: Set<string>, taken: ReadonlyMap<string, string>): Promise<Halves> {
    const present = taken.get(TASKS_FILE);
    const isNew = present !== undefined && (!this.#memory.isOurs(TASKS_FILE, present) || this.#hasHalves);
    const late = this.#late;
    this.#late = [];
    let halves: Halves = new Map();
    for (const text of [...late, ...(isNew ? [present] : [])]) {
      const file = readTasksFile(text);
      if ('fault' in file) {
        const isOver = late.includes(text) || this.#waits.over(`${TASKS_FILE} ${hash('sha256', text)}`, TORN);
        if (!isOver) waiting.add(TASKS_FILE);
        else reject(door, TASKS_FILE, { task: null, by: null, edit: text, ...brokenBy(text, file.fault) });
        continue;
      }
      const here = (await listTasks(this.#board)).map((task) => ({ ...fileTask(task), version: 0 }));
      halves = await takeTasks(door, file, here);
    }
    this.#hasHalves = halves.size > 0;
    return halves;
  }
  #hasHalves = false;

  async #write(
    door: Door,
    { halves, ...look }: { halves: Halves; waiting: ReadonlySet<string>; taken: ReadonlyMap<string, string> },
  ): Promise<boolean> {
    const { folder, memory } = door;
    const refuse = (file: string, text: string) => {
      const reason = 'this file only shows how it is; see README.md for those that take edits';
      reject(door, file, { task: null, by: null, edit: text, code: 'READ_ONLY', reason });
    };
    const board = await snapshotOf(this.#board);
    const files = layoutOf(board, memory, halves);
    const writing: Writing = { folder, memory, refuse, ...look };
    const { again, late } = writeFiles(files, writing);
    writeResults(board.tasks, writing);
    removeFiles(files, writing);
    for (const [file, text] of late) {
      // What can be compared is looked at next; the rest is kept beside the file.
      if (file === TASKS_FILE) this.#late.push(text);
      else if (file === DISCOVERIES_FILE) folder.replace(file, text, folder.read(file)?.text ?? null);
      else reject(door, file, { task: null, by: null, edit: text, code: 'STALE', reason: LATE });
    }
    writeRejections(writing);
    return again;
  }

  /** What tells whether anything is new, on the board or in the files. */
  async #signs(): Promise<string> {
    const { db } = this.#board;
    const last = await db.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
    const agents = await db.selectFrom('agents').select(['name', 'status', 'branch', 'worktree']).execute();
    const merges = await db
      .selectFrom('merge_queue')
      .select(['id', 'updated_at'])
      .where('state', 'in', OPEN_MERGES)
      .execute();
    const files = ['.', 'context', 'results', 'state', 'state/workers', 'state/tasks', ...MESSAGE_FOLDERS];
    const stamps = files.flatMap((folder) => this.#folder.list(folder)).map((file) => this.#folder.stamp(file));
    return JSON.stringify([last?.id ?? 0, agents, merges, stamps, Math.floor(Date.now() / 30_000)]);
  }
}
