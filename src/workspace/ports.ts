import { setTimeout as delay } from 'node:timers/promises';
import type { UserDb } from '../store/open.ts';
import type { PortRow } from '../store/schema.ts';
import { noFreePort, portTaken } from './port-errors.ts';
import { freeStalePorts } from './port-leases.ts';
import { isPortFree } from './probe.ts';

export interface PortRequest {
  readonly userDb: UserDb;
  /** `dir` is the session's state folder. */
  readonly session: { readonly id: string; readonly dir: string };
  /** Must be in the session's database already: a lease of an agent that isn't there is stale. */
  readonly agentId: string;
  /** Variables: `PORT`, `API_PORT`. */
  readonly names: readonly string[];
  readonly range: { readonly from: number; readonly to: number };
  /** Exactly these, by name, also outside of the range. */
  readonly pinned?: Readonly<Record<string, number>>;
}

/** Looks at ports that seemed taken before the range counts as exhausted: another swarm may have been trying them. */
const ROUNDS = 6;
const BETWEEN_ROUNDS = 60;

/**
 * Leases a port for each name, the lowest free ones; those that the agent has already stay as they are. A port is passed
 * over when anybody of this user leases it or something listens on it. All or none.
 * @throws UserError (exit 5) when the range is exhausted (NO_FREE_PORT) or a pinned port is not to be had (PORT_TAKEN).
 */
export async function leasePorts(request: PortRequest): Promise<Record<string, number>> {
  const { userDb, agentId, names, pinned = {} } = request;
  const before = await leasesOfAgent(userDb, agentId);
  const got: Record<string, number> = {};
  try {
    for (const name of names) {
      const mine = before[name];
      const wanted = Object.hasOwn(pinned, name) ? pinned[name] : undefined;
      if (mine !== undefined && (wanted === undefined || wanted === mine)) got[name] = mine;
      else
        got[name] = wanted === undefined ? await leaseLowest(request, name) : await leasePinned(request, name, wanted);
    }
  } catch (error) {
    const fresh = Object.keys(got).filter((name) => got[name] !== before[name]);
    if (fresh.length > 0) {
      await userDb.deleteFrom('ports').where('agent_id', '=', agentId).where('name', 'in', fresh).execute();
    }
    throw error;
  }
  return got;
}

/** Enters leases again that agents of the session have and the user's database has lost. What is another's by now stays so. */
export async function keepLeases(
  userDb: UserDb,
  session: PortRequest['session'],
  held: readonly { readonly agentId: string; readonly ports: Readonly<Record<string, number>> }[],
): Promise<void> {
  const at = new Date().toISOString();
  const rows = held.flatMap(({ agentId, ports }) =>
    Object.entries(ports).map(([name, port]) => rowOf(session, { agentId, name, port, at })),
  );
  if (rows.length === 0) return;
  const known = await userDb.selectFrom('ports').select('port').where('session_id', '=', session.id).execute();
  const lost = rows.filter(({ port }) => !known.some((lease) => lease.port === port));
  if (lost.length === 0) return;
  await userDb
    .insertInto('ports')
    .values(lost)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Gives all ports of an agent back. */
export async function freePorts(userDb: UserDb, agentId: string): Promise<void> {
  await userDb.deleteFrom('ports').where('agent_id', '=', agentId).execute();
}

/** The ports that an agent leases, by name. */
async function leasesOfAgent(userDb: UserDb, agentId: string): Promise<Record<string, number>> {
  const rows = await userDb.selectFrom('ports').select(['name', 'port']).where('agent_id', '=', agentId).execute();
  return Object.fromEntries(rows.map(({ name, port }) => [name, port]));
}

async function leaseLowest(request: PortRequest, name: string): Promise<number> {
  const { userDb, range } = request;
  const busy = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    if (round === 1) await freeStalePorts(userDb, { except: request.agentId });
    if (round > 1) await delay(BETWEEN_ROUNDS);
    busy.clear();
    const leased = await leasedPorts(userDb, range);
    for (let port = range.from; port <= range.to; port++) {
      if (leased.has(port)) continue;
      // Looked at outside of the transaction: it takes a while, and others wait for the lock.
      if (!(await isPortFree(port))) busy.add(port);
      else if (await claim(request, name, port)) return port;
    }
  }
  throw await noFreePort(userDb, range, busy);
}

async function leasePinned(request: PortRequest, name: string, port: number): Promise<number> {
  const holder = () => request.userDb.selectFrom('ports').selectAll().where('port', '=', port).executeTakeFirst();
  if ((await holder()) !== undefined) await freeStalePorts(request.userDb, { except: request.agentId });
  const row = await holder();
  if (row !== undefined) throw portTaken(name, port, row);
  if (!(await isPortFree(port))) throw portTaken(name, port, null);
  if (!(await claim(request, name, port))) throw portTaken(name, port, (await holder()) ?? null);
  return port;
}

/** Takes a port, if nobody was quicker; the agent's former one of that name is given back with it. */
async function claim({ userDb, session, agentId }: PortRequest, name: string, port: number): Promise<boolean> {
  const row = rowOf(session, { agentId, name, port, at: new Date().toISOString() });
  return userDb.transaction().execute(async (tx) => {
    const holder = await tx.selectFrom('ports').select('port').where('port', '=', port).executeTakeFirst();
    if (holder !== undefined) return false;
    await tx.deleteFrom('ports').where('agent_id', '=', agentId).where('name', '=', name).execute();
    await tx.insertInto('ports').values(row).execute();
    return true;
  });
}

function rowOf(
  session: PortRequest['session'],
  { agentId, ...lease }: Pick<PortRow, 'name' | 'port' | 'at'> & { readonly agentId: string },
): PortRow {
  return { ...lease, session_id: session.id, agent_id: agentId, session_dir: session.dir };
}

async function leasedPorts(userDb: UserDb, range: PortRequest['range']): Promise<Set<number>> {
  const query = userDb.selectFrom('ports').select('port').where('port', '>=', range.from).where('port', '<=', range.to);
  return new Set((await query.execute()).map(({ port }) => port));
}
