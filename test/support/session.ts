import { vi } from 'vitest';
import { type Session, withSession } from '../../src/agents/session.ts';
import type { World } from './world.ts';

/** Runs `work` with the session of the world's repository, in this process, with the world's environment. */
export async function withWorldSession<T>(world: World, work: (session: Session) => Promise<T>): Promise<T> {
  for (const [name, value] of Object.entries(world.env)) vi.stubEnv(name, value);
  try {
    return await withSession(world.repo, work);
  } finally {
    vi.unstubAllEnvs();
  }
}
