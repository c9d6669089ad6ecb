import type { AgentRow } from '../../store/schema.ts';
import type { Session } from '../session.ts';

/** A removed agent that can come back. */
export interface Restorable {
  readonly id: string;
  readonly name: string;
  readonly ticket: string | null;
  readonly cli: string;
  readonly branch: string | null;
  readonly removedAt: string;
}

/** What was removed and is still there, the newest first. */
export async function listRestorable(session: Session): Promise<Restorable[]> {
  const rows = await session.db.selectFrom('removed').selectAll().orderBy('removed_at', 'desc').execute();
  return rows.map(({ id, name, branch, agent, removed_at: removedAt }) => {
    const { ticket, cli }: AgentRow = JSON.parse(agent);
    return { id, name, ticket, cli, branch, removedAt };
  });
}
