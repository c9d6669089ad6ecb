import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, LoadedConfig } from '../config/types.ts';
import { withoutRepository } from '../git/env.ts';
import { findRepository, type Repository } from '../git/repository.ts';
import { errnoOf, exit, UserError } from '../lib/errors.ts';
import { programRoot } from '../lib/program.ts';
import { shellWord } from '../lib/text.ts';
import { openSessionDb, openUserDb, type SessionDb, type UserDb } from '../store/open.ts';
import { serverFor, socketPath } from '../tmux/place.ts';
import { type Tmux, tmux } from '../tmux/tmux.ts';
import { loadRepositoryConfig } from '../workspace/settings.ts';
import { Recoveries } from './recoveries.ts';

export { agentFolder, spoolOf } from './agent-folder.ts';

/** Key of the path of the tmux server's socket. */
const SERVER = 'tmux-server';

/** All of swarm's state for one repository, opened. */
export interface Session {
  /** Stable; made when the session is first opened. */
  readonly id: string;
  readonly repo: Repository;
  readonly loaded: LoadedConfig;
  readonly config: Config;
  readonly db: SessionDb;
  /** The per-user database, opened on first use. */
  userDb(): Promise<UserDb>;
  readonly tmux: Tmux;
  /** The `-L` name, a path where it was found by that, or null for the user's default server. */
  readonly socket: string | null;
  /** The caller's, without what leads git to the repository that it is in. */
  readonly env: NodeJS.ProcessEnv;
}

/** Opens the session of the repository around `cwd`, runs `work` and closes what was opened. */
export async function withSession<T>(cwd: string, work: (session: Session) => Promise<T>): Promise<T> {
  // For what is started in its name: git's hooks and aliases have another repository in theirs.
  const env = withoutRepository(process.env);
  const repo = await findRepository(cwd);
  const loaded = await loadRepositoryConfig(repo, env);
  requireEmbeddedStore(loaded, env);
  const recoveries = new Recoveries();
  const db = await openSessionDb(repo.stateDir, recoveries.hear);
  let userDb: Promise<UserDb> | null = null;
  try {
    const known = await knownOf(db);
    const socket = serverFor(env, known.server);
    const session: Session = {
      id: known.id,
      repo,
      loaded,
      config: loaded.config,
      db,
      userDb: () => {
        userDb ??= openUserDb();
        return userDb;
      },
      tmux: tmux({ socket, env }),
      socket,
      env,
    };
    recoveries.reportTo(session);
    return await work(session);
  } finally {
    await recoveries.settle();
    await db.destroy();
    if (userDb !== null) await (userDb as Promise<UserDb>).then((opened) => opened.destroy());
  }
}

/** Refuses a database that was asked for and would not be used. A `DATABASE_URL` alone is more likely the user's own app's. */
function requireEmbeddedStore({ config, sources }: LoadedConfig, env: NodeJS.ProcessEnv): void {
  if (config.store === null || (sources.get('store')?.layer === 'env' && !env['SWARM_DATABASE_URL'])) return;
  throw new UserError({
    code: 'NOT_IN_THIS_VERSION',
    exit: exit.usage,
    message: 'The config asks for a PostgreSQL store, and this version of swarm has only the embedded one.',
    hint: 'Leave out `store:` in swarm.yaml and SWARM_DATABASE_URL, then run the command again.',
  });
}

/** The session's id, made when it isn't there, and the tmux server that its windows were last on. */
async function knownOf(db: SessionDb): Promise<{ readonly id: string; readonly server: string | null }> {
  const read = async () => {
    const rows = await db.selectFrom('meta').select(['key', 'value']).where('key', 'in', ['id', SERVER]).execute();
    return new Map(rows.map(({ key, value }) => [key, value]));
  };
  let known = await read();
  if (!known.has('id')) {
    await db
      .insertInto('meta')
      .values({ key: 'id', value: randomUUID() })
      .onConflict((oc) => oc.column('key').doNothing())
      .execute();
    known = await read();
  }
  return { id: known.get('id') ?? '', server: known.get(SERVER) ?? null };
}

/** Remembers where the session's windows are. */
export async function recordServer({ db, socket, env }: Session): Promise<void> {
  const value = socketPath(socket, env);
  await db
    .insertInto('meta')
    .values({ key: SERVER, value })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value }).where('meta.value', '!=', value))
    .execute();
}

/** The folder that goes first on an agent's PATH: in it, `swarm` is this swarm with this Node. */
export function programShim(repo: Repository): string {
  const folder = join(repo.stateDir, 'bin');
  const file = join(folder, 'swarm');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const run = join(programRoot(), 'bin', 'run.js');
  const text = `#!/bin/sh\nexec ${shellWord(process.execPath)} ${shellWord(run)} "$@"\n`;
  if (contentOf(file) !== text) {
    // In one step: agents call it at any moment, and half of it would do nothing and succeed.
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, text, { mode: 0o700 });
    renameSync(draft, file);
  }
  chmodSync(file, 0o700);
  return file;
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
