import { existsSync, readFileSync } from 'node:fs';
import { poll } from '../../src/lib/poll.ts';
import { endProcesses } from '../../src/process/end.ts';
import { isAlive, type ProcessIdentity, processesWithEnv, startOf } from '../../src/process/identity.ts';
import { run } from '../../src/process/run.ts';

/** Milliseconds a process gets to notice that its world has ended. */
const GRACE = 5000;

/** Waits `grace` ms for the end of every process that carries `name=value`; ends those that stay and returns how they were called. */
export async function endLeftovers(name: string, value: string, grace = GRACE): Promise<string[]> {
  const end = performance.now() + grace;
  for (;;) {
    // Looking at the environment of every process there is costs much: those found are waited for, then all are looked at again.
    const left = await Promise.all((await processesWithEnv(name, value)).map(identityOf));
    if (left.length === 0) return [];
    const gone = await poll(async () => ((await Promise.all(left.map(isAlive))).some(Boolean) ? null : true), {
      timeout: end - performance.now(),
    });
    if (!gone) return endAll(await processesWithEnv(name, value));
  }
}

async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, start: await startOf(pid) };
}

async function endAll(pids: number[]): Promise<string[]> {
  const named = await Promise.all(pids.map(async (pid) => `${pid}: ${await commandLine(pid)}`));
  await endProcesses(pids);
  return named;
}

async function commandLine(pid: number): Promise<string> {
  const file = `/proc/${pid}/cmdline`;
  if (existsSync(file)) return readFileSync(file, 'utf8').replaceAll('\0', ' ').trim();
  return (await run(['ps', '-o', 'command=', '-p', String(pid)])).stdout.trim();
}
