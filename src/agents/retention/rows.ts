import { localBranch } from '../../git/branches.ts';
import type { SessionDb } from '../../store/open.ts';
import { OPEN_MERGES } from '../../store/schema.ts';
import type { WorktreePlan } from '../../workspace/plan.ts';
import { DELIVERY_OPEN } from '../deliver/records.ts';
import type { Session } from '../session.ts';

/** Undone spawns that are looked at in one go: each asks git for a branch. */
const LOOKED_AT = 20;

/**
 * Forgets deliveries of before that time (ISO 8601) that have ended. The newest of an agent stays, as what it was told
 * last. @returns how many; `most` at a time.
 */
export async function pruneDeliveries(db: SessionDb, before: string, most: number): Promise<number> {
  const over = db
    .selectFrom('deliveries as d')
    .select('d.id')
    .where('d.created_at', '<', before)
    .where('d.state', 'not in', DELIVERY_OPEN)
    .where((eb) =>
      eb.or([
        eb('d.agent_id', 'not in', known(db)),
        eb.exists(
          eb
            .selectFrom('deliveries as n')
            .select('n.id')
            .whereRef('n.agent_id', '=', 'd.agent_id')
            .whereRef('n.created_at', '>', 'd.created_at'),
        ),
      ]),
    )
    .limit(most);
  const gone = await db.deleteFrom('deliveries').where('id', 'in', over).returning('id').execute();
  return gone.length;
}

/**
 * Forgets operations that ended before that time (ISO 8601), with their steps. What is asked of an agent that is here stays:
 * whether its hooks ran, and what its merges brought home, from where the next one goes on. So do spawns that were taken
 * back, while the branch of their making is there. @returns how many; `most` at a time.
 */
export async function pruneOperations(session: Session, before: string, most: number): Promise<number> {
  const { db } = session;
  const over = db
    .selectFrom('operations as o')
    .select('o.id')
    .where('o.finished_at', '<', before)
    .where((eb) => eb.not(eb.and([eb('o.kind', '=', 'spawn'), eb('o.outcome', '=', 'undone')])))
    .where((eb) =>
      eb.or([
        eb('o.agent_id', 'is', null),
        eb('o.agent_id', 'not in', known(db)),
        eb.and([
          eb('o.kind', '!=', 'merge'),
          eb.not(
            eb.exists(
              eb
                .selectFrom('steps')
                .select('steps.name')
                .whereRef('steps.operation_id', '=', 'o.id')
                .where('steps.name', '=', 'hooks'),
            ),
          ),
        ]),
      ]),
    )
    .limit(most);
  const gone = await db.deleteFrom('operations').where('id', 'in', over).returning('id').execute();
  return gone.length + (await pruneUndone(session, before));
}

/** Forgets merges of the queue that ended before that time (ISO 8601). @returns how many; `most` at a time. */
export async function pruneMerges(db: SessionDb, before: string, most: number): Promise<number> {
  const over = db
    .selectFrom('merge_queue')
    .select('id')
    .where('updated_at', '<', before)
    .where('state', 'not in', OPEN_MERGES)
    .limit(most);
  const gone = await db.deleteFrom('merge_queue').where('id', 'in', over).returning('id').execute();
  return gone.length;
}

async function pruneUndone({ db, repo }: Session, before: string): Promise<number> {
  const rows = await db
    .selectFrom('operations')
    .select(['id', 'data'])
    .where('kind', '=', 'spawn')
    .where('outcome', '=', 'undone')
    .where('finished_at', '<', before)
    .orderBy('finished_at')
    .limit(LOOKED_AT)
    .execute();
  let count = 0;
  for (const { id, data } of rows) {
    const { plan } = JSON.parse(data) as { plan?: WorktreePlan };
    if (plan?.createsBranch && (await localBranch(repo, plan.branch)) !== null) continue;
    await db.deleteFrom('operations').where('id', '=', id).execute();
    count++;
  }
  return count;
}

/** Ids of agents that are here, or can be restored. */
function known(db: SessionDb) {
  return db
    .selectFrom('agents')
    .select('id')
    .union((eb) => eb.selectFrom('removed').select('id'));
}
