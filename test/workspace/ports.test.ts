import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { run } from '../../src/process/run.ts';
import { openSessionDb, openUserDb, type SessionDb, type UserDb } from '../../src/store/open.ts';
import { freeStalePorts, listPorts } from '../../src/workspace/port-leases.ts';
import { freePorts, keepLeases, leasePorts, type PortRequest } from '../../src/workspace/ports.ts';

let dir: string;
let userDb: UserDb;
let sessionDb: SessionDb;
let sessionDir: string;
/** A part of the port space of its own for each test process, where nothing of the system's listens. */
const base = 20_000 + (process.pid % 400) * 25;
const range = { from: base, to: base + 24 };
const servers: Server[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'swarm-ports-'));
  sessionDir = join(dir, 'repo', '.git', 'swarm');
  userDb = await openUserDb(join(dir, 'state'));
  sessionDb = await openSessionDb(sessionDir);
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await userDb.destroy();
  await sessionDb.destroy();
  rmSync(dir, { recursive: true, force: true });
});

function lease(agentId: string, more: Partial<PortRequest> = {}): Promise<Record<string, number>> {
  return leasePorts({ userDb, session: { id: 's', dir: sessionDir }, agentId, names: ['PORT'], range, ...more });
}

function listen(port: number, host: string): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => resolve());
  });
}

async function addAgent(id: string, name: string, db = sessionDb): Promise<void> {
  const now = new Date().toISOString();
  await db
    .insertInto('agents')
    .values({
      id,
      name,
      number: null,
      ticket: null,
      role: 'worker',
      cli: 'shell',
      model: null,
      status: 'idle',
      reason: null,
      source: null,
      since: now,
      unseen: 0,
      branch: null,
      branch_created: 0,
      base: null,
      base_oid: null,
      worktree: null,
      worktree_created: 0,
      tmux_window: null,
      tmux_pane: null,
      pid: null,
      pid_start: null,
      ports: '{}',
      parent: null,
      task: null,
      host: 'h',
      conversation: null,
      restarts: 0,
      args: '[]',
      options: '{}',
      created_at: now,
      last_activity_at: now,
    })
    .execute();
}

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error(`expected a refusal, got ${JSON.stringify(error)}`);
  return error;
}

describe('leasing', () => {
  test('distinct ports, the same again for the same agent and name, free again after rm', async () => {
    const first = await lease('a', { names: ['PORT', 'API_PORT'] });
    const second = await lease('b');
    expect(new Set([first['PORT'], first['API_PORT'], second['PORT']]).size).toBe(3);
    expect(await lease('a', { names: ['PORT', 'API_PORT'] })).toEqual(first);
    await freePorts(userDb, 'a');
    expect(await lease('c')).toEqual({ PORT: first['PORT'] });
  });

  test('leases that were lost are entered again, and nobody’s else with them', async () => {
    const session = { id: 's', dir: sessionDir };
    const other = await lease('other', { session: { id: 'z', dir: join(dir, 'z') } });
    const mine = await lease('a');
    await userDb.deleteFrom('ports').where('agent_id', '=', 'a').execute();
    await keepLeases(userDb, session, [{ agentId: 'a', ports: { ...mine, API_PORT: other['PORT'] ?? 0 } }]);
    await keepLeases(userDb, session, [{ agentId: 'a', ports: mine }]);
    const rows = await userDb.selectFrom('ports').select(['agent_id', 'port']).orderBy('port').execute();
    expect(rows).toEqual([
      { agent_id: 'other', port: other['PORT'] },
      { agent_id: 'a', port: mine['PORT'] },
    ]);
  });

  test.each(['127.0.0.1', '0.0.0.0', '::1', '::'])('a port with a listener on %s is passed over', async (host) => {
    await listen(range.from, host);
    expect((await lease('a'))['PORT']).toBe(range.from + 1);
  });

  test('an exhausted range is exit 5 and names the holders', async () => {
    const two = { from: range.from, to: range.from + 1 };
    await addAgent('a', 'worker-1');
    await lease('a', { range: two });
    await listen(range.from + 1, '127.0.0.1');
    const error = await refusal(lease('b', { range: two }));
    expect([error.code, error.exit]).toEqual(['NO_FREE_PORT', 5]);
    expect(error.message).toContain(`${two.from}-${two.to}`);
    expect(error.message).toContain(`${range.from} worker-1 in ${join(dir, 'repo')}`);
    expect(error.message).toContain(`${range.from + 1} another program`);
    expect(error.hint).toContain('swarm ports');
  });

  test('all or none: a failed lease of two names leaves no row', async () => {
    await refusal(lease('a', { names: ['PORT', 'API_PORT'], range: { from: range.from, to: range.from } }));
    expect(await userDb.selectFrom('ports').selectAll().execute()).toEqual([]);
  });

  test('pinned: exactly that port, else exit 5 with its holder', async () => {
    await addAgent('a', 'worker-1');
    expect(await lease('a', { pinned: { PORT: range.to } })).toEqual({ PORT: range.to });
    const error = await refusal(lease('b', { pinned: { PORT: range.to } }));
    expect([error.code, error.exit]).toEqual(['PORT_TAKEN', 5]);
    await listen(range.from, '127.0.0.1');
    expect((await refusal(lease('b', { pinned: { PORT: range.from } }))).message).toContain('another program');
    // Moved, and the former one given back.
    expect(await lease('a', { pinned: { PORT: range.to - 1 } })).toEqual({ PORT: range.to - 1 });
    expect(await lease('b', { pinned: { PORT: range.to } })).toEqual({ PORT: range.to });
  });

  test('20 processes at once, two sessions: 20 distinct ports from a range of 20', async () => {
    const fixture = fileURLToPath(new URL('fixtures/lease.ts', import.meta.url));
    const other = join(dir, 'other', '.git', 'swarm');
    const otherDb = await openSessionDb(other);
    const exact = { from: range.from, to: range.from + 19 };
    for (let i = 0; i < 20; i++) await addAgent(`agent-${i}`, `worker-${i}`, i % 2 === 0 ? sessionDb : otherDb);
    await otherDb.destroy();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const session = i % 2 === 0 ? sessionDir : other;
        const words = [join(dir, 'state'), session, `agent-${i}`, String(exact.from), String(exact.to)];
        return run([process.execPath, '--no-warnings', fixture, ...words]);
      }),
    );
    expect(results.map(({ stderr }) => stderr).join('')).toBe('');
    const ports = results.map(({ stdout }) => (JSON.parse(stdout) as { PORT: number }).PORT);
    expect(new Set(ports).size).toBe(20);
  });
});

describe('stale leases', () => {
  test('of agents that are gone and of sessions that are gone are freed, others stay', async () => {
    await addAgent('lives', 'worker-1');
    const lives = await lease('lives');
    const gone = await lease('gone');
    const removed = await lease('other', { session: { id: 't', dir: join(dir, 'nowhere') } });
    const stale = [gone['PORT'], removed['PORT']];
    expect(await freeStalePorts(userDb, { dryRun: true })).toEqual(stale);
    expect(await freeStalePorts(userDb)).toEqual(stale);
    expect(await lease('lives')).toEqual(lives);
  });

  test('are freed by themselves when the range runs short', async () => {
    const one = { from: range.from, to: range.from };
    await lease('gone', { range: one });
    expect(await lease('b', { range: one })).toEqual({ PORT: range.from });
  });
});

test('the list says who holds which, and whether something listens', async () => {
  await addAgent('a', 'worker-1');
  const { PORT: first = 0 } = await lease('a');
  const { PORT: second = 0 } = await lease('gone', { names: ['PORT'] });
  await listen(second, '127.0.0.1');
  const session = join(dir, 'repo');
  expect(await listPorts(userDb)).toEqual([
    { port: first, name: 'PORT', agent: 'worker-1', session, listening: false },
    { port: second, name: 'PORT', agent: null, session, listening: true },
  ]);
});
