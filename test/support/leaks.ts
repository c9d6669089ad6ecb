import { existsSync, readFileSync } from 'node:fs';
import { poll } from '../../src/lib/poll.ts';
import { endProcesses } from '../../src/process/end.ts';
import { processesWithEnv } from '../../src/process/identity.ts';
import { run } from '../../src/process/run.ts';

/** Milliseconds a process gets to notice that its world has ended. */
const GRACE = 5000;

/** Waits `grace` ms for the end of every process that carries `name=value`; ends those that stay and returns how they were called. */
export async function endLeftovers(name: string, value: string, grace = GRACE): Promise<string[]> {
  const gone = await poll(async () => ((await processesWithEnv(name, value)).length === 0 ? true : null), {
    timeout: grace,
  });
  if (gone) return [];
  const left = await processesWithEnv(name, value);
  const named = await Promise.all(left.map(async (pid) => `${pid}: ${await commandLine(pid)}`));
  await endProcesses(left);
  return named;
}

async function commandLine(pid: number): Promise<string> {
  const file = `/proc/${pid}/cmdline`;
  if (existsSync(file)) return readFileSync(file, 'utf8').replaceAll('\0', ' ').trim();
  return (await run(['ps', '-o', 'command=', '-p', String(pid)])).stdout.trim();
}
