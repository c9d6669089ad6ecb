import { agentById } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { exit, UserError } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Event } from '../protocol.ts';

/** What actions need of the program around them. */
export interface Stage {
  readonly session: Session;
  dispatch(event: Event): void;
  /** Ends the view. */
  quit(): void;
  /** Hands the terminal to a program until it ends. Answers its exit code. */
  handOver(
    argv: readonly string[],
    options?: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ): Promise<number>;
  /** Something was done: look again. */
  looked(): void;
  readonly popup: boolean;
}

/** @throws UserError exit 3 when the agent was removed meanwhile. */
export async function rowOf({ session }: Stage, id: string): Promise<AgentRow> {
  const row = await agentById(session.db, id);
  if (row !== undefined) return row;
  throw new UserError({
    code: 'NO_SUCH_AGENT',
    exit: exit.notFound,
    message: 'The agent was removed meanwhile.',
    hint: null,
  });
}
