import { messageOf } from '../../src/lib/errors.ts';
import { poll } from '../../src/lib/poll.ts';

/** Milliseconds after which a wait gives up: far beyond what is normal, below the test's own limit. */
const PATIENCE = 20_000;

/**
 * Looks until `look` answers something other than null, and fails with what was seen last.
 * `look` reports what it sees through `see`, which hands its argument back; an assertion that it throws counts as
 * "not yet", and its message as what was seen. `what` completes "waited for …".
 */
export async function waitFor<T>(
  look: (see: <S>(seen: S) => S) => Promise<T | null> | T | null,
  what: string,
  timeout = PATIENCE,
): Promise<T> {
  let last: unknown = '(nothing)';
  const see = <S>(seen: S): S => {
    last = seen;
    return seen;
  };
  const found = await poll(
    async () => {
      try {
        const value = await look(see);
        return value === null ? null : { value };
      } catch (error) {
        last = messageOf(error);
        return null;
      }
    },
    { timeout },
  );
  if (found) return found.value;
  const shown = typeof last === 'string' ? last : JSON.stringify(last, null, 2);
  throw new Error(`waited ${timeout} ms for ${what}; seen last:\n${shown}`);
}
