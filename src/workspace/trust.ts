import { findRepository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';
import { openUserDb, type UserDb } from '../store/open.ts';
import { peekAgents } from '../store/peek.ts';
import {
  approve,
  type ConsentItem,
  consentItems,
  type GivenConsent,
  listConsents,
  pendingConsent,
  revoke,
} from './consent.ts';
import { describeItem } from './consent-text.ts';
import { refuseInsideAgentWindow } from './insider.ts';
import { consentDeclined } from './refusals.ts';
import { loadRepositoryConfig } from './settings.ts';

export interface Review {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Shows the commands and asks for the answer. Null: there is no terminal, and consent can't be given without one. */
  readonly ask: ((items: readonly ConsentItem[]) => Promise<boolean>) | null;
}

/**
 * Shows what of the repository's config waits for consent, asks, and records it. Answers what was approved.
 * @throws UserError (exit 4) without a terminal, inside an agent's window, and for a no.
 */
export async function reviewConsent({ cwd, env, ask }: Review): Promise<readonly ConsentItem[]> {
  const repo = await findRepository(cwd);
  const items = consentItems(await loadRepositoryConfig(repo, env), repo);
  return withUserDb(async (db) => {
    const pending = await pendingConsent(db, repo, items);
    if (pending.length === 0) return [];
    const agentPids = (peekAgents(repo.stateDir) ?? []).flatMap(({ pid }) => pid ?? []);
    await refuseInsideAgentWindow({ env, agentPids });
    if (ask === null) throw noTerminal(pending);
    if (!(await ask(pending))) throw consentDeclined(pending);
    await approve(db, repo, pending);
    return pending;
  });
}

/** Consents given in the repository around `cwd`, and what waits for one. */
export interface TrustState {
  /** `current`: the config still says exactly this. */
  readonly consents: readonly (GivenConsent & { readonly current: boolean })[];
  readonly pending: readonly ReturnType<typeof describeItem>[];
}

export async function trustState(cwd: string, env: NodeJS.ProcessEnv): Promise<TrustState> {
  const repo = await findRepository(cwd);
  const items = consentItems(await loadRepositoryConfig(repo, env), repo);
  return withUserDb(async (db) => {
    const pending = await pendingConsent(db, repo, items);
    const approved = items.filter((item) => !item.source.trusted && !pending.includes(item)).map(describeItem);
    const consents = (await listConsents(db, repo)).map((consent) => ({
      ...consent,
      current: approved.some(({ key, commands }) => key === consent.key && same(commands, consent.commands)),
    }));
    return { consents, pending: pending.map(describeItem) };
  });
}

/** Takes consent back, all or at and below `keys`; needs no readable config. Answers how many were taken back. */
export async function revokeConsent(cwd: string, keys: readonly string[]): Promise<number> {
  const repo = await findRepository(cwd);
  return withUserDb((db) => revoke(db, repo, keys.length === 0 ? undefined : keys));
}

async function withUserDb<T>(work: (db: UserDb) => Promise<T>): Promise<T> {
  const db = await openUserDb();
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function noTerminal(pending: readonly ConsentItem[]): UserError {
  return new UserError({
    code: 'TERMINAL_REQUIRED',
    exit: exit.refused,
    message: `Consent is given in a terminal only, with or without --yes; ${pending.length} of the config's keys wait for it.`,
    hint: 'In a terminal of yours, in this repository: swarm trust',
    details: { commands: pending.map(describeItem) },
  });
}

/** `--json` asks nothing, and consent is not given without asking. */
export function jsonOnlyWithList(): UserError {
  return new UserError({
    code: 'USAGE',
    exit: exit.usage,
    message: '--json goes with --list only: consent is asked for in words.',
    hint: 'swarm trust --list --json',
  });
}
