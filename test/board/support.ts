import { newAgentRow } from '../../src/agents/records.ts';
import type { Session } from '../../src/agents/session.ts';
import { type Board, boardOf } from '../../src/board/context.ts';
import { guest, type Participant, PERSON, participantOfAgent } from '../../src/board/participants.ts';
import { addTask } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { listTasks } from '../../src/board/tasks/read.ts';
import type { Task, TaskWish } from '../../src/board/tasks/types.ts';
import { withWorldSession } from '../support/session.ts';
import type { World } from '../support/world.ts';

/** Runs `work` with the board of the world's repository. */
export function withWorldBoard(world: World, work: (board: Board, session: Session) => Promise<void>): Promise<void> {
  return withWorldSession(world, (session) => work(boardOf(session), session));
}

export const [anna, ben] = [guest('anna'), guest('ben')] as const;

/** An agent that is in the store and nowhere else. */
export async function addAgent({ db }: Board, name: string, number: number, role = 'worker'): Promise<Participant> {
  const id = `id-${name}`;
  const wish = { id, name, number, ticket: `ticket-${number}`, cli: 'claude', model: null, args: '[]', options: '{}' };
  const row = { ...newAgentRow(wish), role };
  await db.insertInto('agents').values(row).execute();
  return participantOfAgent(row);
}

/** A task of the person's. */
export function add(board: Board, description: string, wish: Partial<TaskWish> = {}): Promise<Task> {
  return addTask(board, PERSON, { description, ...wish });
}

/** The id of what somebody claimed; null: nothing. */
export async function claimed(board: Board, by = anna, id?: string): Promise<string | null> {
  return (await claimTask(board, by, { id })).task?.id ?? null;
}

/** Statuses of all tasks by their ids. */
export async function statuses(board: Board): Promise<Record<string, string>> {
  return Object.fromEntries((await listTasks(board)).map(({ id, status }) => [id, status]));
}
