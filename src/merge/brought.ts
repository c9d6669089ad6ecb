import type { Session } from '../agents/session.ts';
import { git } from '../git/git.ts';
import { type Prediction, predictMerge } from '../git/merge-tree.ts';
import { type Brought, standIn } from '../git/stand-in.ts';
import type { SessionDb } from '../store/open.ts';

/** So many of an agent's merges are looked at, the newest ones: one of them is the last that counts. */
const MOST = 10;

/**
 * What each agent's earlier merges brought home, by its id, the newest first. From the journal, where it stands before the
 * target moves: whether a target holds it is for git to say.
 */
export async function broughtHome(
  db: SessionDb,
  agents: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, readonly Brought[]>> {
  const found = new Map<string, Brought[]>();
  if (agents.length === 0) return found;
  const ids = agents.map(({ id }) => id);
  const merges = await db
    .selectFrom('operations')
    .select(['agent_id', 'data'])
    .where('kind', '=', 'merge')
    .where('agent_id', 'in', ids)
    .orderBy('created_at', 'desc')
    .execute();
  for (const { agent_id: id, data } of merges) {
    const { tip, to } = JSON.parse(data) as { readonly tip?: string; readonly to?: string };
    // Moved forward to the tip itself: git knows. Without `to` nothing was ever ready to move.
    if (id === null || tip === undefined || to === undefined || to === tip) continue;
    const list = found.get(id) ?? [];
    found.set(id, list);
    if (list.length < MOST) list.push({ tip, result: to });
  }
  return found;
}

export interface HomePrediction {
  readonly predicted: Prediction;
  /** The target, or what stands in for it where the work was brought there before: what it lacks of the work is new. */
  readonly ours: string;
}

/** What merging an agent's work into a target would come to: from where its last merge there ended. */
export async function predictHome(
  session: Session,
  agent: { readonly id: string },
  target: string,
  tip: string,
): Promise<HomePrediction> {
  const main = git(session.repo.root);
  const brought = (await broughtHome(session.db, [agent])).get(agent.id) ?? [];
  const ours = await standIn(main, target, tip, brought);
  return { predicted: await predictMerge(main, ours, tip), ours };
}
