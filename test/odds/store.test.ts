import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSessionDb, openUserDb } from '../../src/store/open.ts';
import { nodeFolder, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('the databases', () => {
  const world = useWorld();
  const program = (mode: string) =>
    start([join(nodeFolder, 'node'), join(root, 'test/odds/fixtures/store.ts'), world.dir, mode], {
      cwd: world.dir,
      env: world.env,
    });

  it('are made and written by thirty processes at once', { timeout: 150_000 }, async () => {
    const programs = Array.from({ length: 30 }, () => program('open'));
    await waitFor(
      (see) => (programs.every((one) => see(one.stdout()) !== '') ? true : null),
      'all to stand ready',
      90_000,
    );
    writeFileSync(join(world.dir, 'go'), '');
    const ended = await Promise.all(programs.map(({ result }) => result));
    expect(ended.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    const session = await openSessionDb(join(world.dir, 'session'));
    const user = await openUserDb(join(world.dir, 'user'));
    expect(await session.selectFrom('events').select('type').execute()).toHaveLength(30);
    expect(await user.selectFrom('sessions').select('id').execute()).toHaveLength(30);
    await Promise.all([session.destroy(), user.destroy()]);
  });

  it('are no trap for two processes of which each holds one and wants the other', async () => {
    const made = [await openSessionDb(join(world.dir, 'session')), await openUserDb(join(world.dir, 'user'))];
    for (const db of made) await db.destroy();
    const programs = [program('session'), program('user')];
    const ended = await Promise.all(programs.map(({ result }) => result));
    expect(ended.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual([
      { exitCode: 0, stderr: '' },
      { exitCode: 0, stderr: '' },
    ]);
  });

  it('are private whatever the umask, which they leave alone', async () => {
    const folder = join(world.dir, 'state', 'below');
    mkdirSync(join(world.dir, 'state'), { mode: 0o755 });
    const before = process.umask(0);
    try {
      const opening = Promise.all([openSessionDb(folder), openUserDb(folder)]);
      expect(process.umask()).toBe(0);
      const [session, user] = await opening;
      expect(process.umask()).toBe(0);
      await session.insertInto('meta').values({ key: 'a', value: 'b' }).execute();
      await user.insertInto('sessions').values({ id: 'a', common_dir: 'b', at: 'c' }).execute();
      const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
      expect(Object.fromEntries(modes)).toEqual({
        'swarm.db': '600',
        'swarm.db-shm': '600',
        'swarm.db-wal': '600',
        'user.db': '600',
        'user.db-shm': '600',
        'user.db-wal': '600',
      });
      expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
      await Promise.all([session.destroy(), user.destroy()]);
    } finally {
      process.umask(before);
    }
  });
});
