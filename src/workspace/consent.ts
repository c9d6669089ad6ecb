import { createHash } from 'node:crypto';
import type { LoadedConfig } from '../config/types.ts';
import type { UserDb } from '../store/open.ts';
import { ApprovedCommands } from './approved.ts';
import { type CommandItem, commandItems, isCovered, isList, linesOf, scriptTexts } from './commands.ts';
import { insideAgentWindow, refuseInsideAgentWindow } from './insider.ts';
import { consentDeclined, consentRequired } from './refusals.ts';
import { type Script, scriptsOf } from './scripts.ts';

/** The repository as consent knows it: decisions are kept by the common folder, scripts are read at the root. */
export interface ConsentRepository {
  readonly commonDir: string;
  readonly root: string;
}

/** A key that names programs, and whether somebody must agree to it. */
export interface ConsentItem extends CommandItem {
  /** The repository's own files that it runs, as they are now. Empty where nobody needs to agree. */
  readonly scripts: readonly Script[];
  /** Of the key, what it holds and its scripts: what consent is given to. */
  readonly hash: string;
}

/**
 * What of the config names programs: all of it, or what is at or below `keys`. Values from files that git tracks need
 * consent (`source.trusted` is false), the others come along so that one plan holds all that may run.
 */
export function consentItems(loaded: LoadedConfig, repo: ConsentRepository, keys?: readonly string[]): ConsentItem[] {
  return commandItems(loaded)
    .filter(({ key }) => keys === undefined || isCovered(key, keys))
    .map((item) => {
      const scripts = item.source.trusted ? [] : scriptsOf(scriptTexts(item), repo.root);
      return { ...item, scripts, hash: sha256(JSON.stringify([item.key, canonical(item), scripts])) };
    });
}

/** Those that need consent and have none. */
export async function pendingConsent(
  db: UserDb,
  repo: ConsentRepository,
  items: readonly ConsentItem[],
): Promise<ConsentItem[]> {
  const untrusted = items.filter(({ source }) => !source.trusted);
  if (untrusted.length === 0) return [];
  const rows = await db.selectFrom('consents').select('key').where('repo', '=', repo.commonDir).execute();
  const given = new Set(rows.map(({ key }) => key));
  return untrusted.filter((item) => !given.has(consentKey(repo, item)));
}

/** Records consent to exactly these items. Who asks must have shown them, in a terminal (see `insideAgentWindow`). */
export async function approve(db: UserDb, repo: ConsentRepository, items: readonly ConsentItem[]): Promise<void> {
  if (items.length === 0) return;
  const at = new Date().toISOString();
  const rows = items.map((item) => ({
    key: consentKey(repo, item),
    repo: repo.commonDir,
    what: JSON.stringify({ key: item.key, commands: linesOf(item.value, item.key), scripts: item.scripts }),
    at,
  }));
  await db
    .insertInto('consents')
    .values(rows)
    .onConflict((oc) => oc.column('key').doUpdateSet({ at }))
    .execute();
}

/** A consent as `swarm trust --list` shows it. */
export interface GivenConsent {
  readonly key: string;
  readonly commands: readonly string[];
  readonly scripts: readonly Script[];
  readonly at: string;
}

/** All consents given in this repository, the oldest first: also to commands that are no longer in its config. */
export async function listConsents(db: UserDb, repo: ConsentRepository): Promise<GivenConsent[]> {
  const query = db.selectFrom('consents').select(['what', 'at']).where('repo', '=', repo.commonDir);
  const rows = await query.orderBy('at').orderBy('key').execute();
  return rows.map(({ what, at }) => ({ ...(JSON.parse(what) as Omit<GivenConsent, 'at'>), at }));
}

/** Takes back all consent given in this repository, or that to `keys` and below. Answers how many were there. */
export async function revoke(db: UserDb, repo: ConsentRepository, keys?: readonly string[]): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx.selectFrom('consents').selectAll().where('repo', '=', repo.commonDir).execute();
    const chosen = rows.filter(({ what }) => keys === undefined || isCovered(JSON.parse(what).key, keys));
    for (const { key } of chosen) await tx.deleteFrom('consents').where('key', '=', key).execute();
    return chosen.length;
  });
}

export interface ConsentRequest {
  readonly userDb: UserDb;
  readonly repo: ConsentRepository;
  readonly items: readonly ConsentItem[];
  /** `--yes`: agreed for this run, and nothing is recorded. */
  readonly yes: boolean;
  /** Shows the commands and asks, default No. Null: there is no terminal to ask in. */
  readonly ask: ((items: readonly ConsentItem[]) => Promise<boolean>) | null;
  readonly env?: NodeJS.ProcessEnv;
  /** Processes of live agents: nobody below one of them can agree. */
  readonly agentPids?: readonly number[];
}

/**
 * Everything in `items`, approved: from trusted files, agreed to before, by `--yes`, or now. What runs is what this
 * returns, whatever happens to the files meanwhile.
 * @throws UserError (exit 4) without consent, when it is declined, and when it would be given inside an agent's window.
 */
export async function requireConsent(request: ConsentRequest): Promise<ApprovedCommands> {
  const { userDb, repo, items, yes, ask } = request;
  const insider = { env: request.env ?? process.env, agentPids: request.agentPids ?? [] };
  const pending = await pendingConsent(userDb, repo, items);
  // `--yes` agrees to a worktree's own scripts, too: that is a consent as well.
  if (pending.length === 0) return ApprovedCommands.of(items, !yes || (await insideAgentWindow(insider)));
  if (!yes && ask === null) throw consentRequired(pending);
  await refuseInsideAgentWindow(insider);
  if (yes) return ApprovedCommands.of(items, false);
  if (!(await ask?.(pending))) throw consentDeclined(pending);
  await approve(userDb, repo, pending);
  return ApprovedCommands.of(items, true);
}

function consentKey(repo: ConsentRepository, item: ConsentItem): string {
  return sha256(`${repo.commonDir}\0${item.hash}`);
}

/** The value as text in which the order of a map's keys does not matter. */
function canonical({ value }: CommandItem): unknown {
  return typeof value === 'string' || isList(value) ? value : Object.entries(value).sort();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
