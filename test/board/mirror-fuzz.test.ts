import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { fileTask } from '../../src/board/mirror/file-task.ts';
import { guest, PERSON } from '../../src/board/participants.ts';
import { addTasks } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { completeTask } from '../../src/board/tasks/finish.ts';
import { listTasks } from '../../src/board/tasks/read.ts';
import { releaseTask } from '../../src/board/tasks/release.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { type Files, withMirror } from './mirror-support.ts';

const STEPS = 250;

/** Numbers that look like chance, and are the same at each run. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => expect(error).toHaveProperty('exit'));

/** What must be true of the board whatever is done to it. */
async function expectSound(board: Board, known: ReadonlySet<string>): Promise<void> {
  const rows = await board.db.selectFrom('tasks').selectAll().execute();
  const links = await board.db.selectFrom('task_dependencies').selectAll().execute();
  const status = new Map(rows.map((row) => [row.id, row.status]));
  for (const id of known) expect(status.has(id), `${id} is lost`).toBe(true);
  for (const row of rows) {
    expect(row.description.trim()).not.toBe('');
    expect(row.status === 'claimed', row.id).toBe(row.lease_until !== null);
    if (row.status === 'claimed') expect(row.claimed_by).not.toBeNull();
    if (row.status === 'done') expect(JSON.parse(row.result ?? '')).toHaveProperty('summary');
    const open = links.filter((link) => link.task_id === row.id && status.get(link.depends_on) !== 'done');
    expect(row.waiting_on, row.id).toBe(open.length);
    if (row.status === 'available') expect(open, row.id).toEqual([]);
  }
  const events = await board.db
    .selectFrom('events')
    .selectAll()
    .where('type', 'like', 'task-%')
    .orderBy('id')
    .execute();
  const holder = new Map<string, string>();
  for (const { type, agent, data } of events) {
    const { task } = JSON.parse(data) as { task: string };
    if (type === 'task-claimed') {
      expect(holder.get(task), `${task} is claimed by ${agent}`).toBeUndefined();
      holder.set(task, agent ?? '');
    } else if (['task-done', 'task-released', 'task-failed', 'task-blocked'].includes(type)) holder.delete(task);
  }
}

describe('whatever is written into the files', () => {
  const world = useWorld();

  it.each([1, 20_261_120])('leaves the board sound and loses no task (seed %i)', (seed) =>
    withMirror(world, async (board, files) => {
      const below = chance(seed);
      const known = new Set<string>();
      const add = async (dependencies: readonly string[]) => {
        const [task] = await addTasks(board, PERSON, [{ description: `Nr. ${known.size}`, dependencies }]);
        if (task) known.add(task.id);
      };
      for (let count = 0; count < 6; count++) await add([]);
      const anyId = () => [...known][below(known.size)] ?? '';
      const who = () => `terminal-${below(3)}`;
      const old: string[] = [];
      const write = (text: string) => (below(2) ? files.write('tasks.json', text) : files.swap('tasks.json', text));
      const edited = (change: object) => {
        const document = parsed(files) ?? { tasks: [] };
        const id = anyId();
        return JSON.stringify({
          ...document,
          tasks: document.tasks.map((one) => (one.id === id ? { ...one, ...change } : one)),
        });
      };
      const statuses = ['available', 'claimed', 'done', 'failed', 'blocked', 'started', null, 7];
      const steps: (() => unknown)[] = [
        () => write(edited({ status: 'claimed', claimed_by: who() })),
        () => write(edited({ status: 'done' })),
        () => write(edited({ status: statuses[below(statuses.length)], claimed_by: [who(), null, 3, ''][below(4)] })),
        () => write(edited({ dependencies: [anyId(), anyId()], priority: below(9) - 1 })),
        () => write(edited({ id: anyId() })),
        () => write(edited({ version: below(1000), description: ['', 'Other', {}][below(3)] })),
        () => write(textOf(files).slice(0, below(2000))),
        () => write(textOf(files).replace(/[{}",]/g, (sign) => (below(40) === 0 ? '\0' : sign))),
        () =>
          write(
            ['', 'null', '[]', '{"tasks": 3}', '{"tasks": [null]}', '{"version": "x", "tasks": []}'][below(6)] ?? '',
          ),
        () => old.push(textOf(files)),
        () => write(old[below(old.length || 1)] ?? '{}'),
        () => rmSync(join(files.path, 'tasks.json'), { force: true }),
        () => files.write(`results/${anyId()}.md`, `By ${who()}, ${below(100)}`),
        () => files.write(`communication/messages/worker-to-master/${below(5)}.json`, { workerId: who(), text: 'Hi' }),
        () => files.write('state/system-state.json', 'nonsense'),
        () => files.write('context/discoveries.md', `- ${below(20)}\n`),
        () => attempt(claimTask(board, guest(who()), { id: anyId() })),
        () => attempt(completeTask(board, guest(who()), anyId(), { summary: 'By another door.' })),
        () => attempt(releaseTask(board, PERSON, anyId(), null)),
        () => attempt(add(below(2) ? [anyId()] : [])),
      ];
      for (let step = 0; step < STEPS; step++) {
        await steps[below(steps.length)]?.();
        if (below(3)) await delay(below(60));
        if (step % 25 === 0) await expectSound(board, known);
      }
      // Once all is quiet, the file is the board.
      await waitFor(async () => {
        const tasks = (await listTasks(board)).map(fileTask).sort((a, b) => (a.id < b.id ? -1 : 1));
        const shown = files.tasks().tasks.map(({ version: _, ...task }) => task);
        expect(shown.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(tasks);
        return true;
      }, 'the file to be as the board');
      await expectSound(board, known);
      expect(files.rejected().length).toBeGreaterThan(10);
    }),
  );
});

function textOf(files: Files): string {
  try {
    return files.text('tasks.json');
  } catch {
    return '';
  }
}

function parsed(files: Files): { tasks: { id: string }[] } | null {
  try {
    const document = JSON.parse(textOf(files));
    return Array.isArray(document.tasks) && document.tasks.every(Boolean) ? document : null;
  } catch {
    return null;
  }
}
