import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/board/tasks/types.ts';
import { call } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';
import { addAgent, withWorldBoard } from './support.ts';

/** A REST API is built (the seeds' example) by a leader and two workers that know nothing but the command line. */
describe('a leader and two workers', () => {
  const world = useWorld();
  const lead = { env: { SWARM_AGENT: 'lead' } };
  const task = async (...words: string[]) => (await call(world, 'task-answer', ['task', ...words])).task;

  it('finish with nothing but commands', async () => {
    await withWorldBoard(world, async (board) => {
      await addAgent(board, 'lead', 1, 'leader');
    });
    await task('add', 'Create User model', '-P', '1');
    await task('add', 'Create login endpoint', '-P', '2', '-d', '1', '--scope', 'src/login.ts');
    await task('add', 'Create logout endpoint', '-P', '2', '-d', '1', '--scope', 'src/logout.ts');
    await task('add', 'Write the tests', '-d', '2', '-d', '3', '--scope', 'src/**');
    await task('add', 'Write the documentation');
    const [tasks, ...ended] = await Promise.all([leader(), worker('terminal-2'), worker('terminal-3')]);
    expect(ended.flat().toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
    for (const { id, dependencies, doneAt, attempt, result } of tasks) {
      expect({ id, attempt }).toEqual({ id, attempt: 1 });
      expect(result?.summary).toMatch(/^Done, since the leader said: Yes, /);
      const before = tasks.filter((one) => dependencies.includes(one.id));
      for (const one of before) expect((one.doneAt ?? '') <= (doneAt ?? '')).toBe(true);
    }
    expect((await call(world, 'memory', ['memory', 'search', 'mind'])).memories).toHaveLength(5);
    // Nobody has to say so: the board tells who leads, and not the person, what is done.
    const { messages } = await call(world, 'messages', ['msg', 'read'], lead);
    const told = messages.filter(({ type }) => type === 'TASK_COMPLETE').map(({ taskId }) => taskId);
    expect(told.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
    expect((await call(world, 'messages', ['msg', 'read'])).messages).toEqual([]);
  });

  /** Answers whoever asks, until all is done. */
  async function leader(): Promise<Task[]> {
    for (;;) {
      const open = (await world.swarm(['answer', '--json'], lead)).jsonAs<{
        questions: { id: string; text: string }[];
      }>();
      for (const { id, text } of open.questions) await world.swarm(['answer', id, `Yes, ${text}`], lead);
      const { tasks } = await call(world, 'tasks', ['task', 'list'], lead);
      if (tasks.every(({ status }) => status === 'done')) return tasks;
    }
  }

  /** Claims, asks, finds out, reports, and begins again, until there is nothing left. */
  async function worker(name: string): Promise<string[]> {
    const done: string[] = [];
    const as = ['--as', name];
    for (;;) {
      const { task: mine, reason } = await call(world, 'task-answer', ['task', 'claim', ...as]);
      if (mine === null && reason?.startsWith('all ')) return done;
      if (mine === null) continue;
      const answer = (await world.swarm(['ask', `may I do ${mine.id}?`, '--to', 'leader', ...as])).stdout.trim();
      await world.swarm(['memory', 'add', '--team', '--kind', 'discoveries', `${mine.id}: mind the tests`, ...as]);
      await task('complete', mine.id, `Done, since the leader said: ${answer}`, ...as);
      done.push(mine.id);
    }
  }
});
