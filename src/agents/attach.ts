import { exit, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { observe } from './observe.ts';
import { updateAgent } from './records.ts';
import { LAST_ATTACHED } from './resolve.ts';
import type { Session } from './session.ts';

/** How the front door gets the person to the window: their tmux client has switched, or an argv for their terminal. */
export type Attachment = Awaited<ReturnType<Session['tmux']['goTo']>>;

/**
 * Selects the agent's window and says how to get there: inside this tmux server by switching, outside by attaching.
 * `mayAttach` throws where there is no terminal to attach. Once the person is on the way, the agent counts as seen.
 */
export async function attachTo(
  session: Session,
  row: AgentRow,
  options: { readonly readOnly: boolean; readonly mayAttach: (argv: readonly string[]) => void },
): Promise<Attachment> {
  const [seen] = await observe(session, [row]);
  if (seen?.pane == null) {
    const back = row.status === 'paused' ? 'resume' : 'restart';
    throw new UserError({
      code: 'NO_WINDOW',
      exit: exit.notFound,
      message: `${row.name} has no window: it is ${seen?.row.status ?? row.status} (${seen?.row.reason ?? 'no reason known'}).`,
      hint: `swarm ${back} ${row.name}`,
    });
  }
  const how = await session.tmux.goTo(seen.pane, { readOnly: options.readOnly });
  if (!how.switched) options.mayAttach(how.argv);
  await updateAgent(session.db, row.id, { unseen: 0 });
  const last = { key: LAST_ATTACHED, value: row.id };
  await session.db
    .insertInto('meta')
    .values(last)
    .onConflict((oc) => oc.column('key').doUpdateSet(last))
    .execute();
  return how;
}

/** The agent that needs a person most: waiting longest, then failed, then finished and not looked at. */
export async function nextNeedsYou(session: Session): Promise<AgentRow> {
  const rows = (await observe(session)).map(({ row }) => row);
  const rank = (row: AgentRow) =>
    row.status === 'waiting' ? 0 : row.status === 'failed' || row.status === 'stuck' ? 1 : row.unseen === 1 ? 2 : 3;
  const [next] = rows
    .filter((row) => rank(row) < 3)
    .sort((a, b) => rank(a) - rank(b) || a.since.localeCompare(b.since));
  if (next) return next;
  throw new UserError({
    code: 'NOBODY_NEEDS_YOU',
    exit: exit.notFound,
    message: 'No agent needs you: none waits, failed or finished unseen.',
    hint: 'swarm ls',
  });
}
