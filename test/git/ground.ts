import { afterEach, beforeEach, expect } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { useWorld, type World, type WorldOptions } from '../support/world.ts';

/** A world whose environment is this process's own, for tests that call the rooms directly. */
export function useGround(options: WorldOptions = {}): World {
  const world = useWorld(options);
  let before: NodeJS.ProcessEnv = {};
  beforeEach(() => {
    before = { ...process.env };
    setEnv(world.env);
  });
  afterEach(() => setEnv(before));
  return world;
}

function setEnv(env: Readonly<NodeJS.ProcessEnv>): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

/** What a call refused with; fails when it did not refuse, or not for users. */
export async function refusal(call: Promise<unknown>): Promise<UserError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}
