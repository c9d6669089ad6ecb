import { agentById } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { exit, UserError } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Input } from '../input/decode.ts';
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
  /** The board is shown, or was changed: read it. */
  readBoard(): Promise<void>;
  /** Something was done: look again. */
  looked(): void;
  readonly popup: boolean;
  /** Asks the person, once nothing else is open. */
  ask(title: string, lines: readonly string[], yes: string): Promise<boolean>;
  answer(question: number, yes: boolean): void;
  /** Who types what a person types live. */
  typist(): { type(agent: string, input: Input): void };
  /** Something was typed: its screen will change. */
  typed(): void;
  /** Writes a control sequence to the terminal. */
  write(sequence: string): void;
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

/** Those of the agents that are still there. @throws UserError exit 3 when none is. */
export async function rowsOf(stage: Stage, ids: readonly string[]): Promise<AgentRow[]> {
  const rows = await Promise.all(ids.map((id) => agentById(stage.session.db, id)));
  const there = rows.filter((row) => row !== undefined);
  return there.length > 0 ? there : [await rowOf(stage, ids[0] ?? '')];
}
