import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processesWithEnv } from '../../src/process/identity.ts';

/** Milliseconds between two looks. */
const PACE = 250;
/** `st` of a connection that listens: it has no other end. */
const LISTENS = '0A';

/** Watches whether processes have connections to anywhere but this machine. */
export interface Watch {
  /** `ADDRESS:PORT` of each connection that was seen, as the kernel writes it (hexadecimal). */
  readonly seen: ReadonlySet<string>;
  /** False where the kernel doesn't tell (no /proc). */
  readonly able: boolean;
  stop(): Promise<void>;
}

/** Watches the processes that carry `name=value` in their environment. */
export function watchConnections(name: string, value: string): Watch {
  const seen = new Set<string>();
  const able = process.platform === 'linux';
  let over = !able;
  const loop = async () => {
    while (!over) {
      const pids = await processesWithEnv(name, value);
      const sockets = new Set(pids.flatMap(socketsOf));
      for (const { inode, remote } of foreign()) if (sockets.has(inode)) seen.add(remote);
      await delay(PACE);
    }
  };
  const running = loop();
  return {
    seen,
    able,
    stop: () => {
      over = true;
      return running;
    },
  };
}

/** Inodes of a process's sockets. It may end while it is looked at. */
function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/u.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** Connections whose other end isn't this machine. */
function foreign(): { readonly inode: string; readonly remote: string }[] {
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, , remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/u);
        return remote === '' || state === LISTENS || isLocal(remote) ? [] : [{ inode, remote }];
      }),
  );
}

/** Unconnected, 127.x.x.x, ::1, or 127.x.x.x written as IPv6: the kernel writes each four bytes in the machine's order. */
function isLocal(remote: string): boolean {
  const [address = ''] = remote.split(':');
  if (/^0+$/u.test(address)) return true;
  if (address.length === 8) return address.endsWith('7F');
  return address === '00000000000000000000000001000000' || /^0{16}FFFF0000.{6}7F$/u.test(address);
}
