import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Tidied, tidySome } from '../../src/agents/retention/tidy.ts';
import type { Session } from '../../src/agents/session.ts';
import { boardOf } from '../../src/board/context.ts';
import { readInbox } from '../../src/board/messages/inbox.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { findMessage, listMessages, markSeen } from '../../src/board/messages/receipts.ts';
import { callerOf, enter, PERSON } from '../../src/board/participants.ts';
import { answerQuestion, askQuestion } from '../../src/board/questions.ts';
import { listParticipants } from '../../src/board/roster.ts';
import { addTask } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { taskHistory } from '../../src/board/tasks/history.ts';
import { Tidying } from '../../src/supervisor/tidying.ts';
import { addAgent, anna, ben } from '../board/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
const withSession = (work: (session: Session) => Promise<void>) => withWorldSession(world, work);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const LONG_AGO = daysAgo(31);

/** The events of the archive, of whichever month. */
function archived(): Record<string, unknown>[] {
  const file = join(world.repo, '.git/swarm/logs', `events-${LONG_AGO.slice(0, 7)}.jsonl`);
  if (!statSync(file, { throwIfNoEntry: false })) return [];
  expect(statSync(file).mode & 0o777).toBe(0o600);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('what is long over', () => {
  it('goes into the archive, where it was history, and tasks keep theirs', () =>
    withSession(async (session) => {
      const { db } = session;
      const board = boardOf(session);
      await addTask(board, PERSON, { description: 'old work' });
      const { name } = await addAgent(board, 'worker-1', 1);
      const old = [
        { agent: name, type: 'status', data: '{"from":"idle","to":"working"}' },
        { agent: name, type: 'gate', data: '{"tip":"abc"}' },
        { agent: 'gone', type: 'gate', data: '{"tip":"abc"}' },
        { agent: name, type: 'renamed', data: '{"from":"anna"}' },
      ];
      await db
        .insertInto('events')
        .values(old.map((event) => ({ ...event, at: LONG_AGO })))
        .execute();
      await db.updateTable('events').set({ at: LONG_AGO }).execute();
      await db
        .insertInto('events')
        .values({ at: daysAgo(29), agent: name, type: 'status', data: '{}' })
        .execute();
      expect(await tidySome(session)).toMatchObject({ events: 2 });
      expect(await tidySome(session)).toBeNull();
      expect(archived()).toMatchObject([
        { at: LONG_AGO, agent: name, type: 'status', data: { from: 'idle', to: 'working' } },
        { agent: 'gone', type: 'gate' },
      ]);
      const left = await db.selectFrom('events').select('type').orderBy('id').execute();
      expect(left.map(({ type }) => type)).toEqual(['task-created', 'gate', 'renamed', 'status', 'tidied']);
      expect(await taskHistory(board, '1')).toMatchObject([{ type: 'task-created' }]);
      const { stderr, stdout } = await world.swarm(['log']);
      expect(stderr).toContain('.git/swarm/logs/events-*.jsonl');
      expect(stdout).toContain('task-created');
      expect((await world.swarm(['log', '-n', '1'])).stderr).toBe('');
      expect((await world.swarm(['log', '--since', '1h'])).stderr).toBe('');
    }));

  it('waits for the board’s files to tell it, where these are kept', () =>
    withSession(async (session) => {
      const { db } = session;
      await db.insertInto('events').values({ at: LONG_AGO, agent: null, type: 'joined', data: '{}' }).execute();
      await db.insertInto('events').values({ at: LONG_AGO, agent: null, type: 'file-message', data: '{}' }).execute();
      const supervisor = { ...session.config.supervisor, mirror: '.board' };
      const mirrored = { ...session, config: { ...session.config, supervisor } };
      expect(await tidySome(mirrored)).toBeNull();
      const known = { folder: '', version: 0, files: {}, tasks: {}, since: {}, rejected: {}, event: 1 };
      world.write('.git/swarm/mirror.json', JSON.stringify(known));
      expect(await tidySome(mirrored)).toMatchObject({ events: 1 });
      // By its mark a file that lies there still is known to be posted.
      expect(await tidySome(session)).toBeNull();
      expect(archived()).toMatchObject([{ type: 'joined' }]);
    }));

  it('is forgotten, where it was a message that nobody waits for', () =>
    withSession(async (session) => {
      const board = boardOf(session);
      for (const guest of [anna, ben]) await enter(board, guest);
      const send = async (text: string) => (await postMessage(board, PERSON, { to: [anna], text }))[0]?.id ?? '';
      const [read, waits, replied] = [await send('read'), await send('waits'), await send('replied')];
      await markSeen(board, anna, [read, replied], 'cli');
      const open = await askQuestion(board, anna, { to: PERSON, text: 'open?' });
      const answered = await askQuestion(board, anna, { to: PERSON, text: 'answered?' });
      await answerQuestion(board, PERSON, answered.id, 'yes');
      await markSeen(board, PERSON, [open.id], 'cli');
      await age(session, 'messages', ['created_at', 'seen_at']);
      await postMessage(board, anna, { text: 'of late', replyTo: replied });
      expect(await tidySome(session)).toMatchObject({ messages: 1 });
      const texts = async () => (await listMessages(board, PERSON)).map(({ text }) => text);
      // The answer has not been read, so its question is there still.
      expect(await texts()).toEqual(['waits', 'replied', 'open?', 'answered?', 'yes', 'of late']);
      await expect(findMessage(board, PERSON, read)).rejects.toMatchObject({ code: 'NO_SUCH_MESSAGE' });
      expect((await readInbox(board, anna)).map(({ id }) => id)).toContain(waits);
    }));

  it('is forgotten, where it was a step or a prompt that nothing asks for any more', () =>
    withSession(async (session) => {
      const { db } = session;
      const { id } = await addAgent(boardOf(session), 'worker-1', 1);
      const operation = { agent_id: id, data: '{}', pid: 1, pid_start: null, created_at: LONG_AGO };
      const over = { ...operation, finished_at: LONG_AGO, outcome: 'done' };
      const branch = JSON.stringify({ plan: { createsBranch: true, branch: 'main' } });
      const undone = { ...over, kind: 'spawn', outcome: 'undone', agent_id: 'x' };
      await db
        .insertInto('operations')
        .values([
          { ...over, id: 'spawned', kind: 'spawn' },
          { ...over, id: 'paused', kind: 'pause' },
          { ...over, id: 'merged', kind: 'merge' },
          { ...over, id: 'merged-then', kind: 'merge', agent_id: 'gone' },
          { ...over, id: 'of-the-gone', kind: 'spawn', agent_id: 'gone' },
          { ...over, id: 'lately', kind: 'pause', finished_at: daysAgo(29) },
          { ...operation, id: 'unfinished', kind: 'pause', finished_at: null, outcome: null },
          { ...undone, id: 'undone', data: '{}' },
          { ...undone, id: 'left-a-branch', data: branch },
        ])
        .execute();
      const step = { name: 'hooks', state: 'done' as const, data: 'null', at: LONG_AGO };
      for (const operation_id of ['spawned', 'of-the-gone'])
        await db
          .insertInto('steps')
          .values({ ...step, operation_id })
          .execute();
      const delivery = { agent_id: id, evidence: null, attempts: 1, ms: 1, reason: null, file: '', pid: 1 };
      const prompt = { ...delivery, pid_start: null, created_at: LONG_AGO, queued: null, state: 'delivered' };
      await db
        .insertInto('deliveries')
        .values([
          { ...prompt, id: 'first' },
          { ...prompt, id: 'waits', state: 'queued', queued: '{}' },
          { ...prompt, id: 'last', created_at: daysAgo(30.5) },
          { ...prompt, id: 'of-the-gone', agent_id: 'gone' },
        ])
        .execute();
      const merge = { agent_id: id, agent: 'worker-1', into_branch: 'main', priority: 3, keep: 0, rework: 0 };
      const ended = [
        { ...merge, state: 'merged' as const, created_at: LONG_AGO, updated_at: LONG_AGO },
        { ...merge, state: 'rework' as const, created_at: LONG_AGO, updated_at: LONG_AGO },
        { ...merge, state: 'returned' as const, created_at: LONG_AGO, updated_at: daysAgo(29) },
      ];
      await db.insertInto('merge_queue').values(ended).execute();
      expect(await tidySome(session)).toMatchObject({ operations: 4, deliveries: 2, merges: 1 });
      const states = await db.selectFrom('merge_queue').select('state').orderBy('id').execute();
      expect(states.map(({ state }) => state)).toEqual(['rework', 'returned']);
      const ids = async (table: 'operations' | 'deliveries') =>
        (await db.selectFrom(table).select('id').orderBy('id').execute()).map((row) => row.id);
      expect(await ids('operations')).toEqual(['lately', 'left-a-branch', 'merged', 'spawned', 'unfinished']);
      expect(await ids('deliveries')).toEqual(['last', 'waits']);
      expect((await db.selectFrom('steps').select('operation_id').execute()).length).toBe(1);
    }));

  it('lets guests go who hold nothing, until they call again', () =>
    withSession(async (session) => {
      const board = boardOf(session);
      await addTask(board, PERSON, { description: 'held' });
      for (const guest of [anna, ben]) await enter(board, guest);
      await claimTask(board, anna);
      await postMessage(board, PERSON, { to: [ben], text: 'for you' });
      await age(session, 'participants', ['last_seen_at'], daysAgo(8));
      expect(await tidySome(session)).toMatchObject({ guests: ['ben'] });
      const names = async () => (await listParticipants(board)).map(({ name }) => name);
      expect(await names()).toEqual(['person', 'anna']);
      const back = await callerOf(board, {}, 'ben');
      expect(await names()).toEqual(['person', 'anna', 'ben']);
      expect(await readInbox(board, back)).toMatchObject([{ text: 'for you' }]);
      expect(await tidySome(session)).toBeNull();
    }));
});

describe('tidying', () => {
  it('is the supervisor’s, a little at a time, and that of a repair, which does all', () =>
    withSession(async (session) => {
      const { db } = session;
      const many = Array.from({ length: 700 }, () => ({ at: LONG_AGO, agent: null, type: 'status', data: '{}' }));
      const lines: string[] = [];
      const job = new Tidying((line) => lines.push(line));
      await db.insertInto('events').values(many).execute();
      await job.run(session);
      await job.run(session);
      expect(lines).toEqual(['tidied up: 500 old events put into the archive']);
      expect((await world.swarm(['repair'])).exitCode).toBe(0);
      expect(archived().length).toBe(700);
      expect(new Set(archived().map(({ id }) => id)).size).toBe(700);
    }));

  it('loses no event when it is killed between the archive and the database', () =>
    withSession(async (session) => {
      const { db } = session;
      await db.insertInto('events').values({ at: LONG_AGO, agent: null, type: 'status', data: '{}' }).execute();
      const { signal } = await world.swarm(['repair'], { env: { SWARM_CRASH_AT: 'archive:events:written' } });
      expect(signal).toBe('SIGKILL');
      expect(await tidySome(session)).toMatchObject({ events: 1 } satisfies Partial<Tidied>);
      expect(new Set(archived().map(({ id }) => id)).size).toBe(1);
    }));
});

/** Makes what is there older. */
async function age(
  { db }: Session,
  table: 'messages' | 'participants',
  columns: readonly string[],
  at = LONG_AGO,
): Promise<void> {
  for (const column of columns) {
    const { ref } = db.dynamic;
    await db
      .updateTable(table)
      .set({ [column]: at } as never)
      .where(ref(column), 'is not', null)
      .execute();
  }
}
