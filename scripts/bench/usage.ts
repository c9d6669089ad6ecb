import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { World } from '../../test/support/make-world.ts';

/** Clock ticks a second in /proc (sysconf(_SC_CLK_TCK): 100 on every Linux that Node runs on). */
const TICKS = 100;

/** Processor time of a process and its ended children so far, in seconds. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / TICKS;
}

/** The share of one core that each process took, over `ms` milliseconds. */
export async function cpuShare(pids: readonly number[], ms: number): Promise<number[]> {
  const before = pids.map(cpuSeconds);
  const begin = performance.now();
  await delay(ms);
  const seconds = (performance.now() - begin) / 1000;
  return pids.map((pid, index) => (cpuSeconds(pid) - (before[index] ?? 0)) / seconds);
}

/** Resident memory, in MB. */
export function memoryOf(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}

/** Counts the processes of tmux and git that swarm starts from here on: its own come first on the PATH. */
export function countCalls(world: World): () => number {
  const file = join(world.dir, 'calls');
  for (const program of ['tmux', 'git']) {
    const path = world.write(join(world.bin, program), `#!/bin/sh\necho >>'${file}'\nexec /usr/bin/${program} "$@"\n`);
    chmodSync(path, 0o755);
  }
  return () => (existsSync(file) ? readFileSync(file).length : 0);
}
