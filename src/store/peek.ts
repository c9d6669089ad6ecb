import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';

/** An agent of some session, as seen from outside of it. */
export interface PeekedAgent {
  readonly id: string;
  readonly name: string;
  readonly pid: number | null;
}

/**
 * The agents of a session, read without making, migrating or locking its database. None when it has no database; null
 * when it can't be read, say one of a newer swarm: then nothing may be concluded.
 */
export function peekAgents(stateDir: string): PeekedAgent[] | null {
  const file = join(stateDir, 'swarm.db');
  if (!existsSync(file)) return [];
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    const rows = database.prepare('select id, name, pid from agents').all();
    return rows.map(({ id, name, pid }) => ({
      id: String(id),
      name: String(name),
      pid: typeof pid === 'number' ? pid : null,
    }));
  } catch (error) {
    log('debug', `${file}: ${messageOf(error)}`);
    return null;
  } finally {
    database?.close();
  }
}
