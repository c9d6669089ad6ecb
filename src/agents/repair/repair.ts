import { settleInterrupted } from '../deliver/records.ts';
import type { Session } from '../session.ts';
import { repairOperations } from './operations.ts';
import { repairOrphans } from './orphans.ts';
import type { RepairItem } from './report.ts';

/** Finishes or undoes what was interrupted, then looks for what belongs to nobody. Can be run at any time, and again. */
export async function repair(session: Session, dryRun: boolean): Promise<RepairItem[]> {
  const operations = await repairOperations(session, dryRun);
  const deliveries = dryRun ? [] : await settleInterrupted(session.db);
  const unsure = deliveries.map(
    ({ message, state, file }): RepairItem => ({
      what: `delivery ${message}`,
      state: 'mended',
      how:
        state === 'failed'
          ? `interrupted before anything was typed; the prompt is in ${file}`
          : `interrupted between paste and proof: unknown, and not repeated; the prompt is in ${file}`,
    }),
  );
  return [...operations, ...unsure, ...(await repairOrphans(session, dryRun))];
}
