import { expect, it } from 'vitest';
import type { Conflict } from '../../src/agents/collisions.ts';
import { allAgents } from '../../src/agents/records.ts';
import { Notifier } from '../../src/supervisor/notify.ts';
import { ToldCollisions } from '../../src/supervisor/told-collisions.ts';
import { spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
const MINUTE = 60_000;

it('tells of a collision that stands, not of one that passes, and again only when it was gone for long', async () => {
  for (const ticket of ['t-1', 't-2']) await spawnOne(world, [ticket, '--no-wait']);
  await withWorldSession(world, async (session) => {
    const [a, b] = await allAgents(session.db);
    const one: Conflict = { a: a?.id ?? '', b: b?.id ?? '', target: null, kind: 'editing', files: ['x.ts'] };
    const told = await ToldCollisions.open(session.db, new Notifier(), () => {});
    const count = async () => (await session.db.selectFrom('messages').select('id').execute()).length;
    const at = async (now: number, ...conflicts: Conflict[]) => {
      await told.tell(session, conflicts, now);
      return count();
    };
    // Files are written one after the other.
    expect([await at(0, one), await at(1000), await at(2000, one), await at(4000, one)]).toEqual([0, 0, 0, 0]);
    expect(await at(6000, one)).toBe(2);
    // A rebase takes the work away for a while.
    expect([await at(7000), await at(MINUTE / 2, one), await at(MINUTE, one)]).toEqual([2, 2, 2]);
    // Now git can't merge it any more: that is something else.
    const merge: Conflict = { ...one, kind: 'merge' };
    expect([await at(MINUTE + 1000, merge), await at(MINUTE + 5000, merge)]).toEqual([2, 4]);
    const later = await ToldCollisions.open(session.db, new Notifier(), () => {});
    const start = performance.now();
    await later.tell(session, [merge], start + 10_000);
    expect(await count()).toBe(4);
    await later.tell(session, [], start + 3 * MINUTE);
    await later.tell(session, [merge], start + 4 * MINUTE);
    await later.tell(session, [merge], start + 5 * MINUTE);
    expect(await count()).toBe(6);
  });
});
