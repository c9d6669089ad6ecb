import { renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exit, UserError } from '../../lib/errors.ts';
import { withLease } from '../../store/leases.ts';
import type { AgentRow } from '../../store/schema.ts';
import { agentCli } from '../clis/index.ts';
import { agentFolder, type Session } from '../session.ts';
import { normalise } from './normalise.ts';
import { type QueuedPrompt, queuedPrompts, TYPING } from './queue.ts';

/** Takes back one prompt that waits. @throws UserError exit 4 when it waits no more. */
export function takeBackPrompt(session: Session, row: AgentRow, message: string): Promise<void> {
  return whileItWaits(session, row, message, async () => {
    const taken = { state: 'failed', reason: 'taken back before it was typed', queued: null };
    await session.db.updateTable('deliveries').set(taken).where('id', '=', message).execute();
  });
}

/** Puts other words into a prompt that waits; it keeps its place. @throws UserError exit 4 when it waits no more. */
export function rewordPrompt(session: Session, row: AgentRow, message: string, text: string): Promise<void> {
  const words = normalise(text, agentCli(row.cli, session.config), false).text;
  return whileItWaits(session, row, message, async ({ file }) => {
    const path = join(agentFolder(session.repo, row), 'prompts', basename(file));
    // In one step: half a prompt could be typed.
    writeFileSync(`${path}.new`, words, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  });
}

/** Nobody types to the agent meanwhile. */
function whileItWaits(
  { db }: Session,
  row: AgentRow,
  message: string,
  work: (prompt: QueuedPrompt) => Promise<void>,
): Promise<void> {
  return withLease(db, `deliver:${row.id}`, TYPING, async () => {
    const prompt = (await queuedPrompts(db, row.id)).find((one) => one.message === message);
    if (prompt !== undefined) return work(prompt);
    throw new UserError({
      code: 'NOT_QUEUED',
      exit: exit.refused,
      message: `That prompt for ${row.name} does not wait any more.`,
      hint: null,
      details: { agent: row.name, message },
    });
  });
}
