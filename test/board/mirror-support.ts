import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../../src/board/context.ts';
import { keepMirror } from '../../src/board/mirror/live.ts';
import type { FileTask, Rejection } from '../../src/board/mirror/types.ts';
import { waitFor } from '../support/wait.ts';
import type { World } from '../support/world.ts';
import { withWorldBoard } from './support.ts';

export interface TasksDocument {
  version: number;
  tasks: FileTask[];
}

/** The mirror's folder, as one sees it who can only read and write files. */
export interface Files {
  readonly path: string;
  has(file: string): boolean;
  text(file: string): string;
  json<T>(file: string): T;
  write(file: string, content: unknown): void;
  /** The same by a rename, as many editors do. */
  swap(file: string, content: unknown): void;
  tasks(): TasksDocument;
  task(id: string): FileTask;
  /** Changes one task in a copy of the file as it is now. */
  edit(id: string, change: Partial<Record<string, unknown>>): void;
  rejected(file?: string): Rejection[];
}

export function filesIn(path: string): Files {
  const text = (file: string) => readFileSync(join(path, file), 'utf8');
  const shown = (content: unknown) => (typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  const files: Files = {
    path,
    has: (file) => existsSync(join(path, file)),
    text,
    json: (file) => JSON.parse(text(file)),
    write: (file, content) => writeFileSync(join(path, file), shown(content)),
    swap: (file, content) => {
      writeFileSync(join(path, `${file}.tmp`), shown(content));
      renameSync(join(path, `${file}.tmp`), join(path, file));
    },
    tasks: () => files.json('tasks.json'),
    task: (id) => {
      const found = files.tasks().tasks.find((one) => one.id === id);
      if (found === undefined) throw new Error(`no ${id}`);
      return found;
    },
    edit: (id, change) => {
      const document = files.tasks();
      const tasks = document.tasks.map((one) => (one.id === id ? { ...one, ...change } : one));
      files.write('tasks.json', { ...document, tasks });
    },
    rejected: (file = 'tasks.json') =>
      files.has(`${file}.rejected.json`) ? files.json<{ rejected: Rejection[] }>(`${file}.rejected.json`).rejected : [],
  };
  return files;
}

/** Runs `work` with the board of the world's repository and its live mirror, in this process. */
export async function withMirror(
  world: World,
  work: (board: Board, files: Files) => Promise<void>,
  folder = '.coordination',
): Promise<void> {
  await withWorldBoard(world, async (board, session) => {
    const end = new AbortController();
    const troubles: string[] = [];
    let path = '';
    const tell = { ready: (at: string) => (path = at), trouble: (message: string) => troubles.push(message) };
    const kept = keepMirror(board, session.repo, folder, end.signal, tell);
    kept.catch(() => {});
    try {
      await Promise.race([kept, waitFor(() => path || null, 'the mirror')]);
      await work(board, filesIn(path));
      if (troubles.length > 0) throw new Error(`the mirror was troubled: ${troubles.join('; ')}`);
    } finally {
      end.abort();
      await kept;
    }
  });
}
