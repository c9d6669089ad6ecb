import type { RemoveOptions } from '../agents/life/remove.ts';
import type { Removals, RemovalsDoor } from '../agents/life/remove-many.ts';
import { removeAgents } from '../agents/life/remove-many.ts';
import { allAgents, recordEvent } from '../agents/records.ts';
import { settleAgent } from '../agents/repair/settle.ts';
import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { enter, PERSON, participantOfAgent } from '../board/participants.ts';
import { listTasks } from '../board/tasks/read.ts';
import { reassignTask } from '../board/tasks/release.ts';
import { exit, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';

export interface Pick extends Removals {
  readonly picked: string;
  readonly ticket: string;
}

/**
 * Keeps one of the agents on a ticket and removes the others by the rules of `rm`: one that would lose something stays.
 * What is kept is not merged by it.
 * @throws UserError exit 3 when nobody else is on its ticket.
 */
export async function pickAgent(
  session: Session,
  row: AgentRow,
  options: RemoveOptions & { readonly dryRun: boolean },
  door: RemovalsDoor,
): Promise<Pick> {
  const { id, name, ticket } = row;
  const others = (await allAgents(session.db)).filter((other) => other.ticket === ticket && other.id !== id);
  if (ticket === null || others.length === 0) throw nobodyElse(row);
  const rivals: AgentRow[] = [];
  for (const other of others) {
    const whole = options.dryRun ? other : await settleAgent(session, other, door.tell);
    if (whole !== null) rivals.push(whole);
  }
  if (!options.dryRun) {
    await recordEvent(session.db, name, 'picked', { id, ticket });
    await handOver(session, rivals, row, door.tell);
  }
  return { picked: name, ticket, ...(await removeAgents(session, rivals, options, door)) };
}

/** What the others held is now the picked one's: back in the queue, somebody would begin it anew. */
async function handOver(
  session: Session,
  rivals: readonly AgentRow[],
  to: AgentRow,
  tell: (line: string) => void,
): Promise<void> {
  const board = boardOf(session);
  for (const rival of rivals) {
    for (const { id } of await listTasks(board, { status: ['claimed'], claimedBy: rival.id })) {
      await reassignTask(board, PERSON, id, await enter(board, participantOfAgent(to)));
      tell(`${id} goes from ${rival.name} to ${to.name}`);
    }
  }
}

function nobodyElse({ name, ticket }: AgentRow): UserError {
  return new UserError({
    code: 'NOTHING_TO_PICK',
    exit: exit.notFound,
    message: ticket === null ? `${name} is on no ticket.` : `Nobody but ${name} is on ${ticket}.`,
    hint: `swarm merge ${name}`,
    details: { agent: name, ticket },
  });
}
