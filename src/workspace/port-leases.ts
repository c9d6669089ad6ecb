import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { settleAll } from '../lib/parallel.ts';
import type { UserDb } from '../store/open.ts';
import { type PeekedAgent, peekAgents } from '../store/peek.ts';
import type { PortRow } from '../store/schema.ts';
import { isListening } from './probe.ts';

/** A leased port for people and programs. */
export interface PortLease {
  readonly port: number;
  readonly name: string;
  /** The agent's name; null when it no longer exists, or its session can't be read. */
  readonly agent: string | null;
  /** The repository: its folder, or a bare repository's own. */
  readonly session: string;
  readonly listening: boolean;
}

/** How many ports are looked at once. */
const AT_ONCE = 32;

/** All ports that this user's agents lease, over all repositories, by number; and whether something listens there. */
export async function listPorts(userDb: UserDb): Promise<PortLease[]> {
  const rows = await userDb.selectFrom('ports').selectAll().orderBy('port').execute();
  const agents = peekSessions(rows);
  const listening = await settleAll(rows, AT_ONCE, ({ port }) => isListening(port));
  return rows.map((row, index) => {
    const seen = listening[index];
    return {
      port: row.port,
      name: row.name,
      agent: agents.get(row.session_dir)?.find(({ id }) => id === row.agent_id)?.name ?? null,
      session: repositoryOf(row.session_dir),
      listening: seen?.status === 'fulfilled' && seen.value,
    };
  });
}

/**
 * Frees the ports of agents that no longer exist, and of sessions whose folder is gone. Answers what was freed.
 * @param options `except`: an agent that is being made right now; `dryRun`: only tell.
 */
export async function freeStalePorts(
  userDb: UserDb,
  { except = '', dryRun = false }: { readonly except?: string; readonly dryRun?: boolean } = {},
): Promise<number[]> {
  const rows = await userDb.selectFrom('ports').selectAll().where('agent_id', '!=', except).execute();
  const stale = staleLeases(rows);
  if (dryRun) return stale.map(({ port }) => port);
  const freed: number[] = [];
  for (const { port, agent_id: agentId, at } of stale) {
    // Only the very lease that was judged.
    const query = userDb.deleteFrom('ports').where('port', '=', port).where('agent_id', '=', agentId);
    const gone = await query.where('at', '=', at).returning('port').executeTakeFirst();
    if (gone !== undefined) freed.push(port);
  }
  return freed;
}

/** Leases whose agent no longer exists. One whose session can't be read is not among them. */
function staleLeases(rows: readonly PortRow[]): PortRow[] {
  const agents = peekSessions(rows);
  return rows.filter((row) => {
    if (!existsSync(row.session_dir)) return true;
    const known = agents.get(row.session_dir);
    return known != null && !known.some(({ id }) => id === row.agent_id);
  });
}

/** Agents by session folder; each session is read once. */
function peekSessions(rows: readonly PortRow[]): Map<string, PeekedAgent[] | null> {
  return new Map([...new Set(rows.map((row) => row.session_dir))].map((folder) => [folder, peekAgents(folder)]));
}

/** `/x/repo/.git/swarm` → `/x/repo`. */
function repositoryOf(sessionDir: string): string {
  const commonDir = dirname(sessionDir);
  return basename(commonDir) === '.git' ? dirname(commonDir) : commonDir;
}
