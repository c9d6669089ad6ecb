import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSessionDb, type SessionDb } from '../../src/store/open.ts';
import { Kept } from '../../src/supervisor/kept.ts';
import { useWorld } from '../support/world.ts';

describe('what the supervisor keeps', () => {
  const world = useWorld();
  let db: SessionDb;
  beforeEach(async () => {
    db = await openSessionDb(join(world.dir, 'kept'));
  });
  afterEach(() => db.destroy());
  const stored = () => db.selectFrom('live').select(['agent_id', 'pid', 'listening']).execute();

  it('is made up for when it could not be written, though nothing is new by then', async () => {
    const kept = await Kept.open(db);
    await kept.keep('a1', { pid: 1 });
    await sql`pragma query_only = 1`.execute(db);
    await expect(kept.keep('a1', { pid: 2 })).rejects.toThrow(/readonly/);
    await sql`pragma query_only = 0`.execute(db);
    await kept.keep('a1', { pid: 2 });
    expect(await stored()).toEqual([{ agent_id: 'a1', pid: 2, listening: '[]' }]);
    await kept.forgetOthers(new Set());
    expect(await stored()).toEqual([]);
  });

  it('is nothing at the start: what an earlier supervisor saw is old', async () => {
    await (await Kept.open(db)).keep('a1', { pid: 1 });
    const kept = await Kept.open(db);
    expect(await stored()).toEqual([]);
    await kept.keep('a1', { pid: 1 });
    expect(await stored()).toHaveLength(1);
  });
});
