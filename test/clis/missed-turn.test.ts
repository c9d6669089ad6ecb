import { expect, it } from 'vitest';
import { noteStatus, updateAgent } from '../../src/agents/records.ts';
import { boardOf } from '../../src/board/context.ts';
import { addAgent } from '../board/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();

it.each([
  ['work since it was known to rest, and its end', { at: 900, worked: 600 }, true],
  ['an end long after that', { at: 5000 }, true],
  ['the end of the turn after which it was seen to rest', { at: 900, worked: -100 }, false],
])('a hook that tells of %s', (_, told, unseen) =>
  withWorldSession(world, async (session) => {
    const { id } = await addAgent(boardOf(session), 'worker-1', 1);
    const since = Date.now() - 10_000;
    const rest = { status: 'idle', source: 'screen', reason: 'screen', since: new Date(since).toISOString() } as const;
    const row = await updateAgent(session.db, id, rest);
    const times = Object.fromEntries(Object.entries(told).map(([name, ms]) => [name, since + ms]));
    const noted = await noteStatus(session.db, row, { status: 'idle', source: 'hook', reason: 'hook Stop', ...times });
    expect({ unseen: noted.unseen === 1, reason: noted.reason }).toEqual({ unseen, reason: 'hook Stop' });
    // Looked at again, it is the same turn.
    const again = await noteStatus(
      session.db,
      { ...noted, unseen: 0 },
      { ...rest, reason: 'hook Stop', source: 'hook', ...times },
    );
    expect(again.since).toBe(noted.since);
  }),
);
