import { rm } from 'node:fs/promises';
import { TOOL_HOOKS } from '../clis/tool-events.ts';
import { type SpoolEntry, spoolEntries, sweepSpool } from '../events.ts';

/** What stays of each kind of event at least: the newest tell what an agent does, said and was asked. */
const KEPT = { tool: 200, other: 200 } as const;
/** Milliseconds for which each kind stays in any case. */
const AGE = { tool: 10 * 60_000, other: 24 * 60 * 60_000 } as const;

/** Removes what hooks reported long ago and what is in the agent's log: a spool would else grow for ever. How many went. */
export async function cleanSpool(dir: string, now = Date.now()): Promise<number> {
  const gone = outdated(await spoolEntries(dir), now);
  for (const { file } of gone) await rm(file, { force: true });
  await sweepSpool(dir);
  return gone.length;
}

function outdated(entries: readonly SpoolEntry[], now: number): SpoolEntry[] {
  const left: Record<'tool' | 'other', number> = { ...KEPT };
  const gone: SpoolEntry[] = [];
  for (const entry of entries.toReversed()) {
    const kind = TOOL_HOOKS.has(entry.event) ? 'tool' : 'other';
    const old = now - Number(entry.mtimeNs / 1_000_000n) > AGE[kind];
    if (--left[kind] < 0 && old && entry.recorded) gone.push(entry);
  }
  return gone;
}
