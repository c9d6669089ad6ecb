import { join } from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import { freeDeadLeases } from '../../store/leases.ts';
import { settleInterrupted } from '../deliver/records.ts';
import { sweepRemoved } from '../life/sweep.ts';
import { agentById, allAgents } from '../records.ts';
import { tidyAll } from '../retention/tidy.ts';
import type { Session } from '../session.ts';
import { settleArguments } from '../waiting-argument.ts';
import { busyNow } from './busy.ts';
import type { Finding } from './finding.ts';
import { repairOperations } from './operations.ts';
import { strayBranches, strayWindows, strayWorktrees } from './orphans.ts';
import { looseFolders } from './permissions.ts';
import type { RepairItem } from './report.ts';
import { staleFolders, staleLaunchFiles, stalePorts } from './stale.ts';

/**
 * Finishes or undoes what was interrupted, then looks for what belongs to nobody. Can be run at any time, beside living
 * swarms and other repairs, and again. A dry run changes nothing.
 */
export async function repair(session: Session, dryRun: boolean): Promise<RepairItem[]> {
  const deliveries = await repairDeliveries(session, dryRun);
  const operations = await repairOperations(session, dryRun);
  if (!dryRun) {
    await sweepRemoved(session);
    await freeDeadLeases(session.db);
    await tidyAll(session);
  }
  const items = [...operations, ...deliveries, ...(await repairArguments(session, dryRun))];
  for (const finding of await lookTwice(session)) items.push(await mend(finding, dryRun));
  return items;
}

/** First prompts that waited behind a question, of which nobody has said what became of them. */
async function repairArguments(session: Session, dryRun: boolean): Promise<RepairItem[]> {
  const items: RepairItem[] = [];
  for (const row of await allAgents(session.db)) {
    for (const { state, reason } of await settleArguments(session, row, { dryRun })) {
      const how = `its first prompt waited behind a question, and is ${state} now${reason === null ? '' : `: ${reason}`}`;
      items.push({ what: `delivery to ${row.name}`, state: dryRun ? 'found' : 'mended', how });
    }
  }
  return items;
}

async function repairDeliveries(session: Session, dryRun: boolean): Promise<RepairItem[]> {
  const settled = await settleInterrupted(session.db, dryRun);
  return Promise.all(
    settled.map(async ({ agentId, state, file }): Promise<RepairItem> => {
      const name = (await agentById(session.db, agentId))?.name ?? 'an agent that is gone';
      const what = `delivery to ${name}`;
      const text = `the prompt is in ${join(session.repo.stateDir, file)}`;
      const how =
        state === 'failed'
          ? `interrupted before anything was typed; ${text}`
          : `interrupted between paste and proof: whether it arrived is unknown, and it is not sent again; ${text}`;
      return { what, state: dryRun ? 'found' : 'mended', how };
    }),
  );
}

/** What living swarms make or take away looks stray for a moment: it counts when it is so in two looks. */
async function lookTwice(session: Session): Promise<Finding[]> {
  const first = await look(session);
  if (first.length === 0) return [];
  const again = new Set((await look(session)).map(({ what }) => what));
  return first.filter(({ what }) => again.has(what));
}

async function look(session: Session): Promise<Finding[]> {
  const busy = await busyNow(session);
  const found = await Promise.all([
    strayWindows(session, busy),
    strayWorktrees(session, busy),
    strayBranches(session),
    stalePorts(session),
    staleLaunchFiles(session),
    staleFolders(session),
    looseFolders(session),
  ]);
  return found.flat();
}

async function mend({ what, found, mend: put }: Finding, dryRun: boolean): Promise<RepairItem> {
  if (put === null) return { what, state: 'left', how: found };
  if (dryRun) return { what, state: 'found', how: found };
  try {
    return { what, state: 'mended', how: await put() };
  } catch (error) {
    return { what, state: 'left', how: `${found}: ${messageOf(error)}` };
  }
}
