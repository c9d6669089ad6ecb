import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AgentRow } from '../store/schema.ts';
import { optionsOf } from './records.ts';
import type { Session } from './session.ts';

/** A prompt that an agent was given, and how that fared. */
export interface Prompt {
  /** ISO 8601. */
  readonly at: string;
  readonly state: string;
  readonly reason: string | null;
  /** Null where it is not kept. */
  readonly text: string | null;
}

/** The last prompts of an agent, the newest first. */
export async function promptHistory(session: Session, row: AgentRow, most: number): Promise<Prompt[]> {
  const rows = await session.db
    .selectFrom('deliveries')
    .select(['created_at', 'state', 'reason', 'file'])
    .where('agent_id', '=', row.id)
    .orderBy('created_at', 'desc')
    .limit(most)
    .execute();
  return Promise.all(
    rows.map(async ({ created_at: at, state, reason, file }) => {
      // One that went as an argument is in the file of the first prompt.
      const path = file === '' ? optionsOf(row).promptFile : resolve(session.repo.stateDir, file);
      const text = path === null ? null : await readFile(path, 'utf8').catch(() => null);
      return { at, state, reason, text };
    }),
  );
}
