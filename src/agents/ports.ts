import { keepLeases } from '../workspace/ports.ts';
import { allAgents, portsOf } from './records.ts';
import type { Session } from './session.ts';

/** Sees to it that the ports of the session's agents are leased: the user's database may be a new one since. */
export async function holdPorts(session: Session): Promise<void> {
  const held = (await allAgents(session.db)).map((row) => ({ agentId: row.id, ports: portsOf(row) }));
  if (held.every(({ ports }) => Object.keys(ports).length === 0)) return;
  await keepLeases(await session.userDb(), { id: session.id, dir: session.repo.stateDir }, held);
}
