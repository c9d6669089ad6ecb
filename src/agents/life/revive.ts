import { existsSync, readFileSync } from 'node:fs';
import { exit, UserError } from '../../lib/errors.ts';
import { beginOperation } from '../../store/journal.ts';
import type { AgentRow } from '../../store/schema.ts';
import { firstPrompt } from '../first-prompt.ts';
import { requireWorktree } from '../ground.ts';
import { optionsOf, recordEvent, updateAgent } from '../records.ts';
import type { Session } from '../session.ts';
import { startAgent } from '../start.ts';
import { closeWindow } from '../tmux-session.ts';
import type { Delivery } from '../types.ts';
import { conversationOf } from './conversation.ts';
import { endProcess, isRunning } from './stop.ts';

export interface Revived {
  readonly row: AgentRow;
  /** The same conversation is back. */
  readonly resumed: boolean;
  /** The first prompt's, where it was sent. */
  readonly delivery: Delivery | null;
}

export interface ReviveOptions {
  /** Send the first prompt again. */
  readonly again: boolean;
  /** Milliseconds for that prompt. */
  readonly timeout: number;
}

/** Opens a window for a paused (or exited) agent again, with its conversation where the CLI can bring it back. */
export async function resumeAgent(session: Session, row: AgentRow, options: ReviveOptions): Promise<Revived> {
  if (await isRunning(row)) {
    throw new UserError({
      code: 'RUNNING_ALREADY',
      exit: exit.refused,
      message: `${row.name} is running: it is ${row.status}.`,
      hint: `swarm attach ${row.name}`,
    });
  }
  return revive(session, row, options, 'resume');
}

/** Ends the agent if it runs, and starts it again in its worktree with its ports and conversation. */
export async function restartAgent(session: Session, row: AgentRow, options: ReviveOptions): Promise<Revived> {
  const conversation = await conversationOf(session, row);
  await endProcess(row);
  const counted = await updateAgent(session.db, row.id, { conversation, restarts: row.restarts + 1 });
  return revive(session, counted, options, 'restart');
}

async function revive(session: Session, row: AgentRow, options: ReviveOptions, kind: string): Promise<Revived> {
  requireWorktree(row);
  const operation = await beginOperation(session.db, kind, row.id, { agent: row.name });
  const conversation = await conversationOf(session, row);
  await closeWindow(session, row);
  const prompt = options.again ? storedPrompt(row) : null;
  // A conversation that comes back holds its prompt; a fresh one gets it only when that was asked for.
  const started = await operation.step('window', () =>
    startAgent(session, { row, prompt: conversation === null ? prompt : null, conversation }),
  );
  await recordEvent(session.db, row.name, kind, { resumed: started.resumed });
  const delivery =
    prompt === null
      ? null
      : await operation.step('prompt', () => firstPrompt(session, started, prompt, options.timeout));
  await operation.finish('done');
  return { row: started.row, resumed: started.resumed, delivery };
}

function storedPrompt(row: AgentRow): string | null {
  const { promptFile } = optionsOf(row);
  return promptFile !== null && existsSync(promptFile) ? readFileSync(promptFile, 'utf8') : null;
}
