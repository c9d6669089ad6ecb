import type { Session } from '../agents/session.ts';
import { type Ref, resolveBase } from '../git/branches.ts';
import { trackedBranch } from '../git/pulls.ts';
import type { AgentRow } from '../store/schema.ts';
import { targetOf } from './target.ts';

/**
 * The branch that each agent's work goes to when nobody says another, by the agent's id. Where there is no such local
 * branch, what it started from on a remote, or what work would start from (`origin/main`); an agent that has neither is left out.
 */
export async function targetsOf(
  session: Pick<Session, 'repo' | 'config'>,
  rows: readonly AgentRow[],
): Promise<ReadonlyMap<string, Ref>> {
  const asked = new Map<string | null, Promise<Ref | null>>();
  const targets = new Map<string, Ref>();
  for (const row of rows) {
    // Nearly all have started from the same branch: it is looked up once.
    const shared = asked.get(row.base) ?? lookUp(session, { ...row, branch: null });
    asked.set(row.base, shared);
    const ref = await shared;
    const own = ref !== null && ref.name === row.branch ? await lookUp(session, row) : ref;
    if (own !== null) targets.set(row.id, own);
  }
  return targets;
}

function lookUp(session: Pick<Session, 'repo' | 'config'>, row: AgentRow): Promise<Ref | null> {
  return targetOf(session, row, null).catch(async () => {
    const { repo, config } = session;
    const { base } = row;
    const tracked = config.merge.into === null && base !== null ? await trackedBranch(repo, base) : null;
    const start = tracked?.oid && tracked.branch !== row.branch ? base : null;
    const ref = await resolveBase(repo, config.merge.into ?? start).catch(() => null);
    return ref?.name === row.branch ? null : ref;
  });
}
