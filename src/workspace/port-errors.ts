import { exit, UserError } from '../lib/errors.ts';
import type { UserDb } from '../store/open.ts';
import type { PortRow } from '../store/schema.ts';
import { listPorts } from './port-leases.ts';

/** How many holders a message names. */
const NAMED = 5;

/** Every port of the range is leased or in use: says by whom. */
export async function noFreePort(
  userDb: UserDb,
  range: { readonly from: number; readonly to: number },
  busy: ReadonlySet<number>,
): Promise<UserError> {
  const leases = (await listPorts(userDb)).filter(({ port }) => port >= range.from && port <= range.to);
  const holders = leases.map(({ port, agent, session }) => `${port} ${agent ?? 'an unknown agent'} in ${session}`);
  const others = [...busy].sort((a, b) => a - b).map((port) => `${port} another program`);
  const named = [...holders, ...others];
  const more = named.length > NAMED ? `, and ${named.length - NAMED} more` : '';
  return new UserError({
    code: 'NO_FREE_PORT',
    exit: exit.missing,
    message: `No port is free in ${range.from}-${range.to} (ports.range): ${named.slice(0, NAMED).join(', ')}${more}.`,
    hint: 'Remove agents that are done (swarm rm), widen ports.range in swarm.yaml, or see who holds which: swarm ports',
    details: { range: `${range.from}-${range.to}`, leases, busy: [...busy] },
  });
}

/** A port that was asked for by number is somebody else's. */
export function portTaken(name: string, port: number, holder: PortRow | null): UserError {
  const by = holder === null ? 'another program listens on it' : `an agent of ${holder.session_dir} holds it`;
  return new UserError({
    code: 'PORT_TAKEN',
    exit: exit.missing,
    message: `${name} can't be ${port}: ${by}.`,
    hint: 'To see who holds which: swarm ports',
    details: { name, port, agentId: holder?.agent_id ?? null },
  });
}
