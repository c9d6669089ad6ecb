import { agentById } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { type Board, boardOf, transact } from '../../board/context.ts';
import { postMessage } from '../../board/messages/post.ts';
import { PERSON, participantOfAgent } from '../../board/participants.ts';
import { addTask } from '../../board/tasks/add.ts';
import { assignmentPayload } from '../../board/tasks/assignment.ts';
import { reassignTask } from '../../board/tasks/release.ts';
import { localBranch, resolveCommit } from '../../git/branches.ts';
import { conflictHunks } from '../../git/conflict-hunks.ts';
import { git } from '../../git/git.ts';
import { crashPoint } from '../../lib/crash.ts';
import type { AgentRow } from '../../store/schema.ts';
import { predictHome } from '../brought.ts';
import { losesInReplay } from '../build.ts';
import type { MergeResult } from '../types.ts';
import type { QueueRow } from './entries.ts';
import { type EntryPatch, settle } from './settle.ts';

/** Priority of work that a merge waits for. */
const FIRST = 1;

/** Why a merge waits for its turn again. */
const REWORKED = 'reworked';

/** Whether it is for the agent to make its work fit: not for whoever has something in the way of a merge. */
export function isAgentsToMend(result: MergeResult): boolean {
  return result.state === 'conflict' || result.state === 'gate_failed' || losesInReplay(result);
}

/**
 * Gives an agent the task to make its work fit, and lets its merge wait for that: both, or, when a kill comes between,
 * neither. `record` lets it wait, and answers null where nothing is to wait any more: then there is no task.
 */
export async function toRework(
  session: Session,
  { rounds }: Pick<QueueRow, 'rounds'>,
  row: AgentRow,
  result: MergeResult,
  record: (within: Session, patch: EntryPatch) => Promise<QueueRow | null>,
): Promise<QueueRow | null> {
  const tip = await tipOf(session, row);
  const description = await aboutWork(session, row, result);
  return transact(boardOf(session), async (board) => {
    const { db } = board;
    const told = { result: JSON.stringify(result), reason: result.reason };
    const waits = { state: 'rework', rework: 1, tip, rounds: rounds + 1, ...told } as const;
    const entry = await record({ ...session, db }, waits);
    if (entry === null) return null;
    const task = await askRework(board, row, result, description);
    crashPoint('rework:task:made');
    await db.updateTable('merge_queue').set({ task_id: task }).where('id', '=', entry.id).execute();
    return { ...entry, task_id: task };
  });
}

/** @returns the task's id. */
async function askRework(board: Board, row: AgentRow, result: MergeResult, description: string): Promise<string> {
  const { into, files, log, state } = result;
  const me = participantOfAgent(row);
  const context = { files, hints: log === null ? '' : `What the gate wrote: ${log}` };
  const task = await addTask(board, PERSON, { description: description.slice(0, 15_000), priority: FIRST, context });
  await reassignTask(board, PERSON, task.id, me);
  const text = `${description}\n\nThen commit, and report: swarm task complete ${task.id} "what you did"`;
  const payload = assignmentPayload(task, row, { into, state, files });
  await postMessage(board, PERSON, { to: [me], type: 'TASK_ASSIGNMENT', taskId: task.id, text, payload });
  return task.id;
}

/**
 * Merges whose rework is reported done wait for their turn again. One whose task failed goes back to the person, and so
 * does one in which nothing was changed: the next try would come to the same, and so on for ever. Answers those.
 */
export async function reworkDone(session: Session): Promise<QueueRow[]> {
  const rows = await session.db
    .selectFrom('merge_queue')
    .leftJoin('tasks', 'tasks.id', 'merge_queue.task_id')
    .selectAll('merge_queue')
    .select('tasks.status')
    .where('merge_queue.state', '=', 'rework')
    .where('merge_queue.task_id', 'is not', null)
    .execute();
  const back: QueueRow[] = [];
  for (const { status, ...entry } of rows) {
    const reason = await endOf(session, entry, status);
    if (reason === null) continue;
    const over = reason !== REWORKED;
    const row = await settle(session, entry, { state: over ? 'returned' : 'queued', reason });
    if (row !== null && over) back.push(row);
  }
  return back;
}

/** Null while its task is open. */
async function endOf(session: Session, entry: QueueRow, status: string | null): Promise<string | null> {
  if (status === 'failed' || status === null) return 'its rework failed';
  if (status !== 'done') return null;
  const agent = await agentById(session.db, entry.agent_id);
  const same = agent !== undefined && entry.tip !== null && (await tipOf(session, agent)) === entry.tip;
  return same ? 'its rework was reported done, and its branch is as it was' : REWORKED;
}

const tipOf = async ({ repo }: Session, { branch }: AgentRow): Promise<string | null> =>
  branch === null ? null : localBranch(repo, branch);

function aboutWork(session: Session, row: AgentRow, result: MergeResult): string | Promise<string> {
  if (losesInReplay(result)) return aboutReplay(row, result);
  return result.state === 'conflict' ? aboutConflict(session, row, result) : aboutGate(row, result);
}

function aboutReplay({ branch }: AgentRow, { into, files }: MergeResult): string {
  return `Rebase ${branch} onto ${into} (git rebase ${into}), so that no merge commit is left. A rebase passes over what only those hold: bring that into commits of its own, and see that nothing is lost in: ${files.join(', ')}.`;
}

function aboutGate({ branch }: AgentRow, { into }: MergeResult): string {
  return `Make ${branch} pass the gate on top of ${into}: merge or rebase onto ${into}, mend what fails, and commit.`;
}

/** What to type and where both have changed the same, from where an earlier merge of the same work ended. */
async function aboutConflict(session: Session, row: AgentRow, { into, files, reason }: MergeResult): Promise<string> {
  const { branch } = row;
  const [target, tip] = await Promise.all([localBranch(session.repo, into), tipOf(session, row)]);
  const where = files.length === 0 ? `: ${reason}.` : ` and resolve the conflicts in: ${files.join(', ')}.`;
  if (target === null || tip === null) return `Rebase ${branch} onto ${into} (git rebase ${into})${where}`;
  const { ours } = await predictHome(session, row, target, tip);
  // A stand-in's second parent is up to where the target has the work already, under other names.
  const home = ours === target ? null : await resolveCommit(session.repo.root, `${ours}^2`);
  const rebase = home === null ? `git rebase ${into}` : `git rebase --onto ${into} ${home.slice(0, 12)}`;
  const hunks = await conflictHunks(git(session.repo.root), { oid: ours, name: into }, { oid: tip, name: `${branch}` });
  return `Rebase ${branch} onto ${into} (${rebase})${where}\n\n${hunks}`.trim();
}
