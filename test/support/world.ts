import { afterEach, beforeEach } from 'vitest';
import { makeWorld, type World, type WorldOptions } from './make-world.ts';

export { makeWorld, type World, type WorldOptions } from './make-world.ts';

/** A world for each test of the surrounding block; disposed of after it, and the test fails if something leaked. */
export function useWorld(options: WorldOptions = {}): World {
  const holder = {} as World;
  beforeEach(async () => {
    Object.assign(holder, await makeWorld(options));
  });
  afterEach(() => holder.dispose());
  return holder;
}
