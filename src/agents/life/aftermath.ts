import { join } from 'node:path';
import { boardOf } from '../../board/context.ts';
import { postMessage } from '../../board/messages/post.ts';
import { PERSON, participantOfAgent } from '../../board/participants.ts';
import { completeTask } from '../../board/tasks/finish.ts';
import { listTasks } from '../../board/tasks/read.ts';
import { messageOf, UserError } from '../../lib/errors.ts';
import type { Operation, RecordedOperation } from '../../store/journal.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { ApprovedCommands } from '../../workspace/approved.ts';
import { describeFailure, failedHook, runHooks } from '../../workspace/hooks.ts';
import { hookEnvironment } from '../environment.ts';
import { agentById, recordEvent } from '../records.ts';
import type { Session } from '../session.ts';
import { goesOn } from './goes-on.ts';
import { removeInTurn } from './remove.ts';

/** Consent to what runs after a merge. */
export const AFTER_MERGE = ['hooks.post_merge', 'hooks.pre_remove', 'hooks.post_remove'] as const;

/** A merge that has moved its target. */
export interface Landed {
  /** The branch that moved. */
  readonly into: string;
  /** Where it moved to. */
  readonly commit: string;
  /** The agent's commit that was merged; null when it is not known. */
  readonly tip: string | null;
  /** The agent stays. */
  readonly keep: boolean;
  /** Ids of the tasks that the work was for: the agent held them when the work was taken. */
  readonly tasks: readonly string[];
}

export interface AftermathDoor {
  /** @throws UserError exit 4 without consent: then that part is left out, and said. */
  readonly approve: () => Promise<ApprovedCommands>;
  readonly tell: (line: string) => void;
}

/** What followed a merge. */
export interface Aftermath {
  /** Whether the agent is gone. */
  readonly removed: boolean;
  /** For people: what did not go as one might expect. */
  readonly notes: readonly string[];
}

/** What a step came to; null where there is nothing to say of it. */
type Note = string | null;

/** Tasks of an agent that a merge of this commit of it would close: none while it works on. */
export async function tasksOfWork(session: Session, row: AgentRow, tip: string): Promise<string[]> {
  return (await goesOn(session, row, tip, { dirty: false })) === null ? heldTasks(session, row) : [];
}

async function heldTasks(session: Session, row: AgentRow): Promise<string[]> {
  return (await listTasks(boardOf(session), { status: ['claimed'], claimedBy: row.id })).map(({ id }) => id);
}

/**
 * What follows a merge: its tasks are closed, post_merge runs, the agent is removed by the rules of `rm` or told that its
 * work is home. None of it can undo the merge: what fails is said. One that was set to work meanwhile keeps its tasks and stays.
 * The caller has the agent's turn.
 * `steps`: how far an interrupted one came. What is done in them is not done again, and a hook that may have begun is not
 * run a second time.
 */
export async function afterMerge(
  session: Session,
  agent: Pick<AgentRow, 'id' | 'name'>,
  landed: Landed,
  door: AftermathDoor,
  operation: Operation,
  steps: RecordedOperation['steps'],
): Promise<Aftermath> {
  const once = async (name: string, work: (row: AgentRow) => Promise<Note>): Promise<Note> => {
    const before = steps.get(name);
    if (before?.state === 'done') return before.data as Note;
    return operation.step(name, async () => {
      const row = await agentById(session.db, agent.id);
      return row === undefined ? null : work(row).catch((error: unknown) => `${name}: ${messageOf(error)}`);
    });
  };
  const notes = [await once('task', (row) => closeTasks(session, row, landed))];
  const hook = { ...door, operation: operation.id, begun: steps.get('post_merge')?.state === 'begun' };
  notes.push(await once('post_merge', (row) => runPostMerge(session, row, landed, hook)));
  if (!landed.keep) notes.push(await once('remove', (row) => removeMerged(session, row, landed, door)));
  notes.push(await once('tell', (row) => tellAgent(session, row, landed)));
  const removed = (await agentById(session.db, agent.id)) === undefined;
  return { removed, notes: notes.filter((note) => note !== null) };
}

async function closeTasks(session: Session, row: AgentRow, landed: Landed): Promise<Note> {
  const { into, commit, tip, tasks, keep } = landed;
  const held = await heldTasks(session, row);
  const why = held.length === 0 ? null : await goesOn(session, row, tip, { dirty: !keep });
  if (why !== null) return `${held.join(', ')} not closed: ${row.name} ${why}`;
  for (const task of tasks.filter((id) => held.includes(id))) {
    await completeTask(boardOf(session), participantOfAgent(row), task, { summary: `Merged into ${into}.`, commit });
  }
  return null;
}

async function runPostMerge(
  session: Session,
  row: AgentRow,
  { into, commit }: Landed,
  { approve, tell, operation, begun }: AftermathDoor & { readonly operation: string; readonly begun: boolean },
): Promise<Note> {
  if (session.config.hooks.postMerge.length === 0) return null;
  if (begun) return 'post_merge: it was interrupted, and is not run again';
  const env = { SWARM_MERGE_INTO: into, SWARM_MERGE_COMMIT: commit, SWARM_OP: operation };
  const results = await runHooks({
    plan: await approve(),
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
  return failed === null ? null : `post_merge: ${describeFailure(failed)}`;
}

/** What would be lost keeps it. */
async function removeMerged(
  session: Session,
  row: AgentRow,
  { tip }: Landed,
  { approve, tell }: AftermathDoor,
): Promise<Note> {
  const why = await goesOn(session, row, tip, { dirty: false });
  if (why !== null) return `${row.name} stays: it ${why}`;
  try {
    const how = { force: false, deleteBranch: false, keepWorktree: false };
    await removeInTurn(session, row, how, { approved: await approve(), tell });
    return null;
  } catch (error) {
    const hint = error instanceof UserError && error.hint !== null ? ` (${error.hint})` : '';
    return `${row.name} stays: ${messageOf(error)}${hint}`;
  }
}

/** Once, however often it is called. */
async function tellAgent(session: Session, row: AgentRow, { into, commit }: Landed): Promise<Note> {
  const text = `Your work up to here was merged into ${into} (${commit.slice(0, 9)}).`;
  const told = session.db.selectFrom('messages').select('id').where('to_id', '=', row.id).where('text', '=', text);
  if ((await told.executeTakeFirst()) !== undefined) return null;
  const to = [participantOfAgent(row)];
  await postMessage(boardOf(session), PERSON, { to, type: 'CONTEXT_UPDATE', text, payload: { into, commit } });
  return null;
}
