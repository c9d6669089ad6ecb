import { ApprovedCommands as Approved, type ApprovedCommands } from '../workspace/approved.ts';
import { type ConsentItem, consentItems, pendingConsent, requireConsent } from '../workspace/consent.ts';
import { allAgents } from './records.ts';
import type { Session } from './session.ts';

/** How the front door asks a person; null where nobody can be asked. */
export type AskConsent = ((items: readonly ConsentItem[]) => Promise<boolean>) | null;

export interface ConsentDoor {
  /** `--yes`: agreed for this run only. */
  readonly yes: boolean;
  readonly ask: AskConsent;
}

/**
 * What may run of the config at these keys (and below them). Values that a tracked file says need consent.
 * @throws UserError exit 4 without it.
 */
export async function approveCommands(
  session: Session,
  keys: readonly string[],
  door: ConsentDoor,
): Promise<ApprovedCommands> {
  const items = consentItems(session.loaded, session.repo, keys);
  if (items.length === 0) return Approved.none;
  const agentPids = (await allAgents(session.db)).flatMap(({ pid }) => pid ?? []);
  const { repo, env } = session;
  return requireConsent({ userDb: await session.userDb(), repo, items, env, agentPids, ...door });
}

/**
 * `dialogs.trust`, where nobody is asked: `accept` from a file that git tracks counts only once it was consented to, since
 * it lets an agent CLI run what the repository tells it to.
 */
export async function trustedDialogs(session: Session): Promise<'ask' | 'accept'> {
  const items = consentItems(session.loaded, session.repo, ['dialogs']);
  if (items.length === 0) return 'ask';
  const pending = await pendingConsent(await session.userDb(), session.repo, items);
  return pending.length === 0 ? 'accept' : 'ask';
}
