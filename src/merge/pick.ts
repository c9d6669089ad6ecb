import type { RemoveOptions } from '../agents/life/remove.ts';
import type { Removals, RemovalsDoor } from '../agents/life/remove-many.ts';
import { removeAgents } from '../agents/life/remove-many.ts';
import { allAgents, recordEvent } from '../agents/records.ts';
import { settleAgent } from '../agents/repair/settle.ts';
import type { Session } from '../agents/session.ts';
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
  if (!options.dryRun) await recordEvent(session.db, name, 'picked', { id, ticket });
  return { picked: name, ticket, ...(await removeAgents(session, rivals, options, door)) };
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
