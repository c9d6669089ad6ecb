import { join } from 'node:path';
import { hookEnvironment } from '../agents/environment.ts';
import { removeAgent } from '../agents/life/remove.ts';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { postMessage } from '../board/messages/post.ts';
import { PERSON, participantOfAgent } from '../board/participants.ts';
import { completeTask } from '../board/tasks/finish.ts';
import { listTasks } from '../board/tasks/read.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import type { Operation } from '../store/journal.ts';
import type { AgentRow } from '../store/schema.ts';
import type { ApprovedCommands } from '../workspace/approved.ts';
import { describeFailure, failedHook, runHooks } from '../workspace/hooks.ts';
import type { MergeOptions, MergeResult } from './types.ts';

interface Door {
  readonly approved: ApprovedCommands;
  readonly tell: (line: string) => void;
}

/**
 * What follows a merge: its task is closed, post_merge runs, and the agent is told when it stays. None of it can undo the
 * merge: what fails is said.
 */
export async function afterMerge(
  session: Session,
  row: AgentRow,
  result: MergeResult,
  { keep }: MergeOptions,
  door: Door,
  operation: Operation,
): Promise<MergeResult> {
  const notes: string[] = [];
  const tried = (what: string, work: () => Promise<string | null>) =>
    operation.step(what, async () => {
      const failure = await work().catch(messageOf);
      if (failure !== null) notes.push(`${what}: ${failure}`);
    });
  await tried('task', () => closeTasks(session, row, result));
  await tried('post_merge', () => runPostMerge(session, row, result, door, operation.id));
  if (keep) await tried('tell', () => tellAgent(session, row, result));
  return { ...result, notes };
}

/** Removes an agent whose work is home, by the rules of `rm`: what would be lost keeps it. */
export async function removeMerged(
  session: Session,
  row: AgentRow,
  result: MergeResult,
  door: Door,
): Promise<MergeResult> {
  try {
    await removeAgent(session, row, { force: false, deleteBranch: false, keepWorktree: false }, door);
    return { ...result, removed: true };
  } catch (error) {
    const hint = error instanceof UserError && error.hint !== null ? ` (${error.hint})` : '';
    return { ...result, notes: [...result.notes, `${row.name} stays: ${messageOf(error)}${hint}`] };
  }
}

async function closeTasks(session: Session, row: AgentRow, { into, commit }: MergeResult): Promise<null> {
  const board = boardOf(session);
  const summary = `Merged into ${into}.`;
  for (const task of await listTasks(board, { status: ['claimed'], claimedBy: row.id })) {
    await completeTask(board, participantOfAgent(row), task.id, { summary, commit });
  }
  return null;
}

async function tellAgent(session: Session, row: AgentRow, { into, commit }: MergeResult): Promise<null> {
  const text = `Your work up to here was merged into ${into} (${commit?.slice(0, 9)}).`;
  const to = [participantOfAgent(row)];
  await postMessage(boardOf(session), PERSON, { to, type: 'CONTEXT_UPDATE', text, payload: { into, commit } });
  return null;
}

async function runPostMerge(
  session: Session,
  row: AgentRow,
  { into, commit }: MergeResult,
  { approved, tell }: Door,
  operation: string,
): Promise<string | null> {
  const env = { SWARM_MERGE_INTO: into, SWARM_MERGE_COMMIT: commit ?? '', SWARM_OP: operation };
  const results = await runHooks({
    plan: approved,
    name: 'postMerge',
    cwd: session.repo.root,
    env: { ...hookEnvironment(session, row), ...env },
    logFile: join(session.repo.stateDir, 'logs', row.name, 'post_merge.log'),
    timeoutMs: session.config.hooks.timeout,
    anyway: `swarm merge ${row.name} --yes`,
    onOutput: (line) => tell(`${row.name} │ ${line}`),
  });
  if (results.length > 0) await recordEvent(session.db, row.name, 'hook', { name: 'post_merge', results });
  const failed = failedHook(results);
  return failed === null ? null : describeFailure(failed);
}
