import { UserError } from '../../lib/errors.ts';
import { participantNamed } from '../named.ts';
import { signOfLife } from '../presence.ts';
import { amendResult } from '../tasks/amend.ts';
import type { Task, TaskResult } from '../tasks/types.ts';
import { type Door, reject, viaFile } from './door.ts';

/** Characters of a file that the board keeps as the report; the file itself stays whole. */
const MOST = 19_000;
/** What a report says while its file has not been written. */
export const UNWRITTEN = '(no report was written)';

/** `results/task-001.md`. */
export const resultFile = (id: string) => `results/${id}.md`;

/** A file's text as the board keeps it. */
export function reportIn(text: string): string {
  const report = text.trim().replace(/\n+Commit: [0-9a-f]{7,64}$/, '');
  return report.length <= MOST ? report : `${report.slice(0, MOST)}…\n(the rest is in the file)`;
}

/** What the file of a task that is done is to hold; null where it holds that already, in the words of who wrote it. */
export function resultText({ summary, commit }: TaskResult, found: string | null): string | null {
  if (found !== null && reportIn(found) === reportIn(summary)) return null;
  return `${summary.trim()}\n${commit === null ? '' : `\nCommit: ${commit}\n`}`;
}

/**
 * Takes what was written into results/: of a task in the works each writing is a sign of life, of one that is done it is a
 * report that came late, or a better one.
 */
export async function takeResults(door: Door, tasks: readonly Task[]): Promise<void> {
  const { folder, memory } = door;
  for (const task of tasks) {
    const file = resultFile(task.id);
    const seen = folder.read(file);
    const isDraft = seen !== null && !memory.isOurs(file, seen.text);
    const isNew = memory.isNewDraft(file, isDraft ? seen.stamp : null);
    if (!isDraft) continue;
    if (task.status === 'claimed' && task.claimedBy !== null) {
      if (isNew) await renew(door, task.claimedBy);
    } else if (task.status === 'done' && task.result !== null && seen.text.trim() !== '') {
      await amend(door, task, task.result, seen.text);
    }
  }
}

async function renew({ board }: Door, name: string): Promise<void> {
  const { id } = await participantNamed(board, name);
  await signOfLife(board, id);
}

async function amend(door: Door, task: Task, result: TaskResult, text: string): Promise<void> {
  const { board, memory } = door;
  const file = resultFile(task.id);
  const report = reportIn(text);
  const isKnown = memory.known.files[file] !== undefined || report.includes(result.summary.trim());
  // A draft in a file that swarm never wrote, and a report from another door: both count.
  const both = isKnown || result.summary === UNWRITTEN ? report : reportIn(`${result.summary}\n\n---\n\n${report}`);
  if (report === reportIn(result.summary) || both === result.summary) {
    memory.wrote(file, { text, version: null });
    return;
  }
  try {
    const by = await participantNamed(board, task.claimedBy ?? result.by);
    await amendResult(board, by, task.id, both);
    await viaFile(door, by.name, file, { task: task.id });
    if (both === report) memory.wrote(file, { text, version: null });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reject(door, file, { task: task.id, by: task.claimedBy, edit: text, code: error.code, reason: error.message });
  }
}
