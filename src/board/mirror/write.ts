import type { Task } from '../tasks/types.ts';
import type { Folder } from './folder.ts';
import { GUIDE_FILE } from './layout.ts';
import type { Memory } from './memory.ts';
import { resultFile, resultText } from './results.ts';
import type { Content } from './types.ts';

/** What a write has to know of the look that it ends. */
export interface Writing {
  readonly folder: Folder;
  readonly memory: Memory;
  /** Files that may not be whole yet. */
  readonly waiting: ReadonlySet<string>;
  /** Texts that were read and taken, by file: what is there now must be that, or what swarm wrote. */
  readonly taken: ReadonlyMap<string, string>;
  /** Somebody changed a file that is only to be read. */
  readonly refuse: (file: string, text: string) => void;
}

/** What came of it. */
export interface Written {
  /** Whether somebody was at a file just then: it has to be looked at again. */
  again: boolean;
  /** What was written into a file at the moment in which it was replaced. */
  readonly late: Map<string, string>;
}

/** Files that others write, too: what is in them is taken before they are written. */
const SHARED = /^(?:tasks\.json|master-plan\.md|context\/|state\/workers\/.*-memory\.json$|communication\/messages\/)/;

/** Writes the files that are not as they should be. */
export function writeFiles(files: ReadonlyMap<string, Content>, writing: Writing): Written {
  const { folder, memory, waiting, taken, refuse } = writing;
  const written: Written = { again: false, late: new Map() };
  for (const [file, content] of files) {
    if (waiting.has(file)) continue;
    const next = memory.textFor(file, content);
    const found = folder.read(file)?.text ?? null;
    if (found !== next.text) {
      const isTaken = found === null || memory.isOurs(file, found) || taken.get(file) === found;
      if (!isTaken && file === GUIDE_FILE && memory.known.files[file] === undefined) continue;
      if (!isTaken && SHARED.test(file)) {
        written.again = true;
        continue;
      }
      if (!isTaken) refuse(file, found);
      const { done, late } = folder.replace(file, next.text, found);
      if (late !== null) written.late.set(file, late);
      if (!done || late !== null) written.again = true;
      if (!done) continue;
    }
    memory.wrote(file, next, /^(?:master-plan|context\/|state\/workers\/.*-memory)/.test(file));
  }
  return written;
}

/** Writes what came of each task, where its file does not say so already. */
export function writeResults(tasks: readonly Task[], { folder, memory }: Writing): void {
  for (const { id, result } of tasks) {
    const file = resultFile(id);
    const found = folder.read(file);
    if (result === null) {
      // Put back into the queue: what is in the file is a draft again.
      memory.forget(file);
      continue;
    }
    if (found !== null && !memory.isOurs(file, found.text) && resultText(result, found.text) !== null) continue;
    const text = resultText(result, found?.text ?? null);
    if (text !== null && !folder.replace(file, text, found?.text ?? null).done) continue;
    memory.wrote(file, { text: text ?? found?.text ?? '', version: null });
  }
}

/** Removes files of what is no more: a message that was seen, a worker that is gone. Not what somebody changed meanwhile. */
export function removeFiles(files: ReadonlyMap<string, Content>, { folder, memory, waiting }: Writing): void {
  for (const file of Object.keys(memory.known.files)) {
    if (files.has(file) || file.startsWith('results/') || waiting.has(file)) continue;
    const found = folder.read(file);
    const isOurs = found === null || memory.isOurs(file, found.text);
    // What somebody has just written into it is looked at first.
    if (!isOurs && SHARED.test(file)) continue;
    if (found !== null && isOurs) folder.remove(file);
    memory.forget(file);
  }
}

/** Writes beside each file why edits of it were not taken. */
export function writeRejections({ folder, memory }: Writing): void {
  const shown = new Set<string>();
  for (const [file, rejected] of memory.rejections()) {
    const beside = `${file}.rejected.json`;
    shown.add(beside);
    const next = memory.textFor(beside, { file, rejected });
    if (folder.read(beside)?.text !== next.text) folder.put(beside, next.text);
    memory.wrote(beside, next);
  }
  for (const file of Object.keys(memory.known.files)) {
    if (!file.endsWith('.rejected.json') || shown.has(file)) continue;
    folder.remove(file);
    memory.forget(file);
  }
}
