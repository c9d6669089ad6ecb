import { want } from '../../src/supervisor/wanted.ts';
import { withWorldSession } from '../support/session.ts';
import type { World } from '../support/world.ts';

/** No command starts a supervisor from here on, as after `swarm down`: the test itself has the turns of the queue. */
export function unwatched(world: World): Promise<void> {
  return withWorldSession(world, ({ db }) => want(db, false));
}
