import { plainLine } from '../lib/text.ts';
import type { PortLease } from '../workspace/port-leases.ts';
import { table } from './table.ts';

/** Leased ports as a table; a sentence when there are none. */
export function renderPorts(ports: readonly PortLease[]): string {
  if (ports.length === 0) return 'No ports are leased.';
  const columns = [
    { title: 'PORT', align: 'right' },
    { title: 'NAME' },
    { title: 'AGENT' },
    { title: 'LISTENING' },
    { title: 'REPOSITORY', shrinks: true },
  ] as const;
  const rows = ports.map(({ port, name, agent, session, listening }) => [
    String(port),
    name,
    agent ?? '(gone)',
    listening ? 'yes' : 'no',
    plainLine(session),
  ]);
  return table(columns, rows);
}
