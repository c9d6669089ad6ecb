import { listeningPorts } from '../process/listening.ts';
import type { AgentRow } from '../store/schema.ts';
import { isListening } from '../workspace/probe.ts';
import { portsOf } from './records.ts';

/** Milliseconds for which a look at the ports is good. */
const PACE = 2000;

/** Which ports of agents something listens on, for who asks again and again. */
export class OpenPorts {
  #last: { readonly at: number; readonly open: ReadonlySet<number> } | null = null;

  async among(rows: readonly AgentRow[]): Promise<ReadonlySet<number>> {
    const now = performance.now();
    if (this.#last !== null && now - this.#last.at < PACE) return this.#last.open;
    const wanted = rows.flatMap((row) => Object.values(portsOf(row)));
    const open = wanted.length === 0 ? new Set<number>() : (listeningPorts() ?? (await answering(wanted)));
    this.#last = { at: now, open };
    return open;
  }
}

/** Names of an agent's ports that are among the open ones. */
export function namesAmong(row: AgentRow, open: ReadonlySet<number>): string[] {
  return Object.entries(portsOf(row)).flatMap(([name, port]) => (open.has(port) ? name : []));
}

async function answering(ports: readonly number[]): Promise<ReadonlySet<number>> {
  const answers = await Promise.all(ports.map(isListening));
  return new Set(ports.filter((_, index) => answers[index]));
}
