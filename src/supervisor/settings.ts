import { statSync } from 'node:fs';
import { join } from 'node:path';
import { recordEvent } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { messageOf } from '../lib/errors.ts';
import { loadRepositoryConfig } from '../workspace/settings.ts';

/** Keeps a long-lived session's config that of its files: edited while the supervisor runs, it counts from then on. */
export class Settings {
  #session: Session;
  #stamp: string;

  constructor(session: Session) {
    this.#session = session;
    this.#stamp = stampOf(session);
  }

  /** The session with the config as it is now; the last good one while a file has a mistake in it. */
  async current(): Promise<Session> {
    const stamp = stampOf(this.#session);
    if (stamp === this.#stamp) return this.#session;
    this.#stamp = stamp;
    try {
      const loaded = await loadRepositoryConfig(this.#session.repo, this.#session.env);
      this.#session = { ...this.#session, loaded, config: loaded.config };
    } catch (error) {
      await recordEvent(this.#session.db, null, 'config-refused', { message: messageOf(error) });
    }
    return this.#session;
  }
}

function stampOf({ repo, loaded }: Session): string {
  const files = new Set([...loaded.files, ...['swarm.yaml', 'swarm.local.yaml'].map((name) => join(repo.root, name))]);
  return [...files].map((file) => `${file} ${statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0}`).join('\n');
}
