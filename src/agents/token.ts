import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rememberTokenHash, tokenHash } from '../board/proof.ts';
import { errnoOf } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { agentFolder } from './agent-folder.ts';
import type { Session } from './session.ts';

/** Keeps by what an agent's process is known from now on: on the board, and beside it for when that comes back from a backup. */
export async function keepToken(session: Session, row: AgentRow, token: string): Promise<void> {
  const hash = tokenHash(token);
  await rememberTokenHash(session.db, row.id, hash);
  writeFileSync(tokenFile(session, row), `${hash}\n`, { mode: 0o600 });
}

/** Lets an agent be known by the token of its latest start, which a board that is back from a backup may not have seen. */
export async function restoreToken(session: Session, row: AgentRow): Promise<void> {
  const hash = keptHash(tokenFile(session, row));
  if (hash !== null) await rememberTokenHash(session.db, row.id, hash);
}

/** Holds the token's hash alone: whoever reads it can't speak as the agent. */
function tokenFile({ repo }: Session, row: AgentRow): string {
  return join(agentFolder(repo, row), 'token.sha256');
}

/** Null: of an older swarm, or cut off. */
function keptHash(file: string): string | null {
  try {
    return /^[0-9a-f]{64}$/m.exec(readFileSync(file, 'utf8'))?.[0] ?? null;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
