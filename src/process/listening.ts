import { readFileSync } from 'node:fs';
import { errnoOf } from '../lib/errors.ts';

/** State of a socket that accepts connections, in /proc/net/tcp (include/net/tcp_states.h). */
const LISTEN = '0A';

/**
 * All TCP ports of this machine on which something listens, read without connecting to any. Null where the system has no
 * such table (macOS).
 */
export function listeningPorts(): ReadonlySet<number> | null {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(readTable).filter((table) => table !== null);
  if (tables.length === 0) return null;
  const ports = new Set<number>();
  for (const line of tables.flatMap((table) => table.split('\n').slice(1))) {
    const [, local = '', , state] = line.trim().split(/\s+/);
    if (state === LISTEN) ports.add(Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16));
  }
  return ports;
}

function readTable(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // Without IPv6 there is no table of it.
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
