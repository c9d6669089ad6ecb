import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import type { Check } from '../../src/cli/doctor/index.ts';
import { type Backup, backUp, listBackups, spread } from '../../src/store/backups.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { use, withMcp } from '../mcp/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const state = (world: World) => join(world.repo, '.git/swarm');
const file = (world: World) => join(state(world), 'swarm.db');
const names = async (world: World) => (await call(world, 'ls', ['ls'])).agents.map(({ name }) => name);
/** Files that were put aside. */
const aside = (world: World) => readdirSync(state(world)).filter((name) => /^swarm\.db\.corrupt-\w+$/.test(name));
const GARBAGE = 'swarm is gone ';

/** Overwrites the file in place, as a broken disk or a stray program would. */
function spoil(path: string, { log = true } = {}): void {
  const handle = openSync(path, 'r+');
  writeSync(handle, GARBAGE.repeat(Math.ceil(statSync(path).size / GARBAGE.length)));
  closeSync(handle);
  if (log) for (const name of [`${path}-wal`]) if (statSync(name, { throwIfNoEntry: false })) truncateSync(name);
}

/** What a file says; null: nothing yet. */
function textOf(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, 'utf8').trim() || null : null;
}

function events(world: World, type: string): Record<string, unknown>[] {
  const database = new DatabaseSync(file(world), { readOnly: true });
  const rows = database.prepare('select data from events where type = ? order by id').all(type);
  database.close();
  return rows.map(({ data }) => JSON.parse(String(data)));
}

describe('a damaged database', () => {
  const world = useWorld();

  it.each([
    ['overwritten with garbage', (path: string) => spoil(path)],
    ['overwritten under its log', (path: string) => spoil(path, { log: false })],
    ['cut off', (path: string) => truncateSync(path, 5000)],
    ['emptied', (path: string) => truncateSync(path)],
    ['deleted', (path: string) => rmSync(path)],
  ])('comes back from its backup, by one of many that find it %s', async (_how, damage) => {
    await spawnOne(world, ['t1']);
    await backUp(state(world));
    await spawnOne(world, ['t2', '-p', 'hello']);
    damage(file(world));
    const all = await Promise.all(Array.from({ length: 6 }, () => world.swarm(['ls', '--json'])));
    expect(all.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual([0, 0, 0, 0, 0, 0]);
    const told = all.filter(({ stderr }) => stderr.includes('was damaged; it is back as of'));
    expect(told.length).toBe(1);
    expect(told[0]?.stderr).toContain('spawned since, and not in the team now: worker-2');
    expect(await names(world)).toEqual(['worker-1']);
    expect(events(world, 'database-restored').length).toBe(1);
    expect(events(world, 'database-gap')).toMatchObject([{ unknown: ['worker-2'], gone: [] }]);
    expect(statSync(file(world)).mode & 0o777).toBe(0o600);
    expect(aside(world).length).toBe(_how === 'deleted' ? 0 : 1);
    if (_how.startsWith('overwritten'))
      expect(readFileSync(join(state(world), aside(world)[0] ?? ''), 'latin1').startsWith(GARBAGE)).toBe(true);
  });

  it('comes back under a supervisor, which goes on', async () => {
    await spawnOne(world, ['t1']);
    const { supervisor } = await call(world, 'up', ['up']);
    await waitFor(async () => (listBackups(state(world)).length > 0 ? true : null), 'a backup');
    expect(listBackups(state(world)).map((one) => statSync(one.file).mode & 0o777)).toEqual([0o600]);
    spoil(file(world));
    const all = await Promise.all([names(world), names(world), names(world)]);
    expect([...all, await names(world)]).toEqual(Array(4).fill(['worker-1']));
    expect(events(world, 'database-restored').length).toBe(1);
    // What it keeps is of the database that is there now.
    await spawnOne(world, ['t2', '-p', 'hello']);
    await world.swarm(['wait', 'worker-2']);
    const screen = async () => (await call(world, 'ls', ['ls'])).agents[1]?.git?.at ?? null;
    await waitFor(async (see) => see(await screen()), 'the facts of the second agent');
    expect((await call(world, 'up', ['up'])).supervisor.pid).toBe(supervisor.pid);
    expect(aside(world).length).toBe(1);
    // Whoever brought it back, the person sees that.
    const { databaseRestored } = await call(world, 'ls', ['ls']);
    expect(databaseRestored).toMatchObject({ kept: join(state(world), aside(world)[0] ?? '') });
    expect((await world.swarm(['ls'])).stdout).toMatch(/the database was damaged \w+ ago, and is back as of/);
    expect((await world.swarm(['log', '--type', 'database'])).stdout).toContain('database-gap');
    // Nobody else looks: it finds that by itself.
    spoil(file(world));
    await waitFor(async () => (aside(world).length > 1 ? true : null), 'the second recovery', 60_000);
    expect((await names(world)).includes('worker-1')).toBe(true);
  });

  it('comes back knowing the agents that were started again since, by their tokens too', async () => {
    const { agents } = await call(world, 'spawn', ['spawn', 't1', '--agent', 'shell']);
    const agent = agents[0] as Agent;
    await backUp(state(world));
    await world.swarm(['restart', agent.name]);
    await call(world, 'send', ['send', agent.name, 'printenv SWARM_TOKEN > token.txt', '--now']);
    const token = await waitFor(() => textOf(join(agent.worktree ?? '', 'token.txt')), 'the token');
    expect(statSync(join(state(world), 'agents', agent.name, 'token.sha256')).mode & 0o777).toBe(0o600);
    spoil(file(world));
    expect((await world.swarm(['ls'])).stderr).toContain('taken over as they run: worker-1');
    await withMcp(world, { env: { SWARM_TOKEN: token } }, async ({ client }) => {
      expect(await use(client, 'heartbeat')).toMatchObject({ you: { name: agent.name } });
    });
  });

  it('is left alone where there is no good backup, and says what to do', async () => {
    await spawnOne(world, ['t1']);
    spoil(file(world));
    const before = readFileSync(file(world));
    const none = await refused(world, ['ls'], 1);
    expect(none).toMatchObject({ code: 'STORE_DAMAGED', message: expect.stringContaining('there is no backup of it') });
    writeFileSync(join(state(world), 'backups-are-made-here'), '');
    await world.write(join(state(world), 'backups', 'swarm-20260101T000000000Z.db'), 'nothing');
    const bad = await refused(world, ['ls'], 1);
    expect(bad.message).toContain('none of its 1 backups is whole either');
    expect(bad.hint).toContain('swarm repair');
    expect(readFileSync(file(world)).equals(before)).toBe(true);
    expect(aside(world)).toEqual([]);
  });

  it('comes back from an older backup when the newest is damaged too', async () => {
    await spawnOne(world, ['t1']);
    await backUp(state(world));
    await spawnOne(world, ['t2']);
    spoil((await backUp(state(world))).file);
    spoil(file(world));
    expect(await names(world)).toEqual(['worker-1']);
  });

  it('comes back although the first who tried was killed', async () => {
    await spawnOne(world, ['t1']);
    await backUp(state(world));
    writeFileSync(`${file(world)}.restoring`, 'half of it');
    expect(await names(world)).toEqual(['worker-1']);
    expect(events(world, 'database-restored').length).toBe(0);
    writeFileSync(`${file(world)}.restoring`, 'half of it');
    rmSync(file(world));
    expect(await names(world)).toEqual(['worker-1']);
    expect(readdirSync(state(world)).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  it('never has a prompt typed again that waited then', async () => {
    await spawnOne(world, ['t1']);
    const database = new DatabaseSync(file(world));
    database.exec(`insert into deliveries (id, agent_id, state, attempts, file, pid, created_at, queued)
      select 'm1', id, 'queued', 0, 'x', 1, '2026-01-01', '{"mode":"when-idle"}' from agents`);
    database.close();
    await backUp(state(world));
    spoil(file(world));
    await names(world);
    const after = new DatabaseSync(file(world), { readOnly: true });
    expect(after.prepare("select state, queued from deliveries where id = 'm1'").get()).toEqual({
      state: 'unknown',
      queued: null,
    });
    after.close();
  });

  it('is told by doctor', async () => {
    const check = async () => {
      const { checks } = (await world.swarm(['doctor', '--json'])).jsonAs<{ checks: Check[] }>();
      return checks.find(({ name }) => name === 'backups');
    };
    expect(await check()).toMatchObject({ state: 'ok', found: expect.stringContaining('nothing to back up') });
    await spawnOne(world, ['t1']);
    expect(await check()).toMatchObject({ state: 'ok', found: expect.stringContaining('swarm up') });
    await backUp(state(world));
    expect(await check()).toMatchObject({ state: 'ok', found: expect.stringMatching(/^newest .* old, 1 kept$/) });
    spoil(file(world));
    await names(world);
    expect(await check()).toMatchObject({ state: 'warn', found: expect.stringContaining('put aside') });
  });
});

describe('backups', () => {
  it('are kept spread over time', () => {
    let kept: Backup[] = [];
    const hours = (at: string) => (Date.parse('2026-11-22T12:00:00.000Z') - Date.parse(at)) / 3_600_000;
    for (let minute = 0; minute <= 48 * 60; minute += 3) {
      const at = new Date(Date.parse('2026-11-20T12:00:00.000Z') + minute * 60_000).toISOString();
      kept = spread([{ file: at, at }, ...kept], Date.parse(at));
    }
    const ages = kept.map(({ at }) => hours(at));
    expect(ages.length).toBe(8);
    expect(ages.slice(0, 2)).toEqual([0, 0.05]);
    for (const [from, to] of [
      [1 / 3, 2 / 3],
      [2, 4],
      [24, 48],
    ] as const)
      expect(ages.filter((age) => age >= from && age <= to)).not.toEqual([]);
  });

  it('of a quiet time stay', () => {
    const old = ['2026-01-03', '2026-01-02', '2026-01-01'].map((day) => ({ file: day, at: `${day}T00:00:00.000Z` }));
    expect(spread(old)).toEqual(old);
  });
});
