import { stripVTControlCharacters } from 'node:util';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/board/messages/types.ts';
import type { Task } from '../../src/board/tasks/types.ts';
import type { BoardData } from '../../src/tui/board.ts';
import type { Model } from '../../src/tui/state.ts';
import { Frame } from '../../src/tui/ui/app.tsx';
import { widthOf } from '../../src/tui/view/span.ts';
import { happen, key, live, NOW, press, view } from './support.ts';

afterEach(cleanup);

const at = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

function task(id: string, patch: Partial<Task> = {}): Task {
  const none = {
    claimedBy: null,
    attempt: 0,
    strandings: 0,
    leaseUntil: null,
    result: null,
    reason: null,
    doneAt: null,
  };
  return {
    ...{
      id,
      description: `Do ${id}`,
      status: 'available',
      priority: 3,
      dependencies: [],
      scope: [],
      needs: [],
      ...none,
    },
    ...{ context: { files: [], hints: '' }, createdBy: 'person', createdAt: at(9), updatedAt: at(5), version: 1 },
    ...patch,
  };
}

function message(id: string, patch: Partial<Message> = {}): Message {
  const none = { taskId: null, replyTo: null, broadcast: null, expiresAt: null, deliveredAt: null, seenAt: null };
  return {
    ...{ id, from: 'worker-1', to: 'person', type: 'TEXT', priority: 'normal', payload: {}, text: `Text of ${id}` },
    ...{ ...none, state: 'queued', createdAt: at(2), evidence: null },
    ...patch,
  };
}

const EMPTY: BoardData = { goal: null, questions: [], tasks: [], prompts: [], messages: [], people: [] };
const FULL: BoardData = {
  goal: 'Build a REST API',
  questions: [
    message('q1', {
      type: 'QUESTION',
      text: 'Which\u001b]0;evil\u0007 licence?',
      payload: { options: ['MIT', 'GPL'] },
    }),
    message('q2', { type: 'QUESTION', to: 'worker-2', text: 'Done yet?' }),
  ],
  tasks: [
    task('task-001', {
      status: 'done',
      doneAt: at(1),
      result: { summary: 'Did it', commit: 'abc', by: 'w', at: at(1) },
    }),
    task('task-002', { status: 'claimed', claimedBy: 'worker-1', attempt: 2, leaseUntil: at(-20), priority: 1 }),
    task('task-003', { status: 'blocked', reason: 'waits for task-002', dependencies: ['task-002'] }),
    task('task-004', { description: 'Two\nlines' }),
  ],
  prompts: [{ message: 'p1', agent: 'one', name: 'one', text: 'next\nprompt', reason: 'it is working' }],
  messages: [message('m2', { to: 'worker-2', from: 'person' }), message('m1', { state: 'seen', evidence: 'mcp' })],
  people: [
    { id: 'person', name: 'person' },
    { id: 'id-1', name: 'worker-1' },
    { id: 'id-2', name: 'worker-2' },
  ],
};

const opened = (data: BoardData, columns = 140, rows = 30): Model =>
  happen(view([live('one')], columns, rows), key('b'), { type: 'board', data, now: NOW }).model;
const frame = (model: Model) =>
  stripVTControlCharacters(render(<Frame model={model} colours={false} />).lastFrame() ?? '').replace(/ +$/gm, '');
const effects = (model: Model, ...keys: string[]) => press(model, ...keys).effects;

describe('the board’s view', () => {
  it('is read when it is opened, and gives the list back when it is closed', () => {
    const { model, effects: asked } = press(view([live('one')]), 'b');
    expect(asked).toEqual([{ type: 'board', act: { do: 'read' } }]);
    expect(frame(model)).toContain('reading …');
    expect(frame(press(model, 'b').model)).toContain('1 agent');
    expect(frame(opened(EMPTY))).toContain('No tasks, questions or messages yet.');
  });

  it.each([50, 80, 109, 110, 200])('fills %i columns exactly and says what there is', (columns) => {
    const text = frame(opened(FULL, columns));
    const lines = text.split('\n');
    expect(lines).toHaveLength(30);
    expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
    for (const word of [
      'Goal: Build a REST API',
      'worker-1 asks you',
      '● claimed',
      '◑ blocked',
      '○ available',
      '✓ done',
    ]) {
      expect(text).toContain(word);
    }
    expect(text).toContain('Questions that wait (2)');
    expect(text).not.toContain('evil');
  });

  it('lists tasks by what can be done about them, and shows the chosen entry in full', () => {
    const ids = Array.from(frame(opened(FULL)).matchAll(/task-\d+ P/g), ([id]) => id.slice(0, 8));
    expect(ids).toEqual(['task-002', 'task-004', 'task-003', 'task-001']);
    expect(frame(opened(FULL))).toMatch(/1 MIT[\s\S]*2 GPL/);
    const claimed = frame(press(opened(FULL), 'j', 'j').model);
    expect(claimed).toMatch(/task-002 {2}claimed, priority 1/);
    expect(claimed).toContain('worker-1, attempt 2, until');
    expect(frame(press(opened(FULL), 'j', 'j', 'j').model)).toMatch(/│ Two\n.*│ lines/);
    expect(frame(press(opened(FULL), 'G').model)).toContain('seen, by mcp');
  });

  it('keeps the cursor in sight among thousands, and on its entry when the board changes', () => {
    const tasks = Array.from({ length: 5000 }, (_, i) => task(`task-${i + 1}`));
    const model = opened({ ...EMPTY, tasks }, 140, 20);
    expect(frame(press(model, 'G').model)).toContain('▌ ○ available task-5000');
    const down = press(model, 'C-d', 'C-d').model;
    const chosen = /▌ ○ available (task-\d+)/.exec(frame(down))?.[1];
    expect(chosen).toBe('task-17');
    const changed = happen(down, { type: 'board', data: { ...EMPTY, tasks: tasks.slice(3) }, now: NOW }).model;
    expect(frame(changed)).toContain('▌ ○ available task-17');
    expect(frame(happen(down, { type: 'board', data: { ...EMPTY, tasks: [] }, now: NOW }).model)).toContain('No tasks');
  });

  it('keeps the cursor where nobody moved it, and puts it on a neighbour of what is gone', () => {
    const tasks = [task('task-001'), task('task-002'), task('task-003')];
    const read = (from: Model, data: Partial<BoardData>) =>
      happen(from, { type: 'board', data: { ...EMPTY, ...data }, now: NOW }).model;
    const first = read(opened({ ...EMPTY, tasks }), { tasks, questions: [message('q1', { type: 'QUESTION' })] });
    expect(frame(first)).toContain('▌ ○ available task-001');
    const second = press(opened({ ...EMPTY, tasks }), 'j').model;
    const gone = read(second, { tasks: tasks.filter(({ id }) => id !== 'task-002') });
    expect(frame(gone)).toContain('▌ ○ available task-003');
    expect(frame(read(gone, { tasks: tasks.slice(0, 1) }))).toContain('▌ ○ available task-001');
    expect(frame(read(read(gone, {}), { tasks }))).toContain('▌ ○ available task-001');
  });

  it('offers what can be done with an entry, and nothing else', () => {
    const claimed = press(opened(FULL), 'j', 'j').model;
    const act = (act: object) => [{ type: 'board', act }];
    expect(effects(claimed, '+')).toEqual([]);
    expect(effects(claimed, '-')).toEqual(act({ do: 'prioritise', task: 'task-002', by: 1 }));
    expect(effects(claimed, 'm', '2')).toEqual(act({ do: 'assign', task: 'task-002', to: 'id-2' }));
    expect(effects(claimed, 'x', 'r')).toEqual(act({ do: 'release', task: 'task-002' }));
    expect(effects(claimed, 'x', 'd')).toEqual([]);
    expect(effects(opened(FULL), 'x', 'y')).toEqual(act({ do: 'take-back-message', message: 'q1' }));
    const done = press(opened(FULL), 'j', 'j', 'j', 'j', 'j').model;
    expect(frame(done)).toContain('Did it (w)');
    expect(effects(done, 'e')).toEqual([]);
    expect(press(done, 'e').model.mode.kind).toBe('board');
    expect(effects(done, 'x', 'r')).toEqual(act({ do: 'release', task: 'task-001' }));
    const prompt = press(done, 'j').model;
    expect(effects(prompt, 'x', 'y')).toEqual(act({ do: 'take-back-prompt', message: 'p1', agent: 'one' }));
    const reworded = { do: 'reword-prompt', message: 'p1', agent: 'one', text: 'next\nprompt!' };
    expect(effects(prompt, 'e', '!', 'Enter')).toEqual(act(reworded));
    expect(effects(press(prompt, 'j', 'j').model, 'e')).toEqual([]);
  });

  it('refuses a form that says too little, and comes back to the board from dialogs and help', () => {
    const form = press(opened(FULL), 'n', 'Enter').model;
    expect(frame(form)).toContain('Expected what to do.');
    expect(press(form, 'Escape').model.mode.kind).toBe('board');
    expect(press(opened(FULL), '?', 'q').model.mode.kind).toBe('board');
    expect(press(opened(FULL), 'a', 'Enter').model.mode.kind).toBe('form');
    const asked = { title: 'Sure?', lines: [], yes: 'yes', onYes: { type: 'quit' }, onNo: null, since: 0 } as const;
    const ask = happen(opened(FULL), { type: 'ask', ask: asked }).model;
    expect(ask.mode.kind).toBe('ask');
    expect(press(ask, 'n').model.mode.kind).toBe('board');
  });

  it('says in the header who asks, whatever is shown', () => {
    const asking = happen(view([live('one')]), { type: 'asks', count: 2 }).model;
    expect(frame(asking)).toContain('2 ASK YOU');
    expect(frame(press(asking, 'b').model)).toContain('2 ASK YOU');
  });

  it('takes for read what was shown in full for a second to somebody who is there', () => {
    const long = message('m3', { text: 'word '.repeat(100) });
    const later = message('m4', { createdAt: at(-1) });
    const messages = [message('m1'), long, later, message('m2', { to: 'worker-2' }), message('m5', { state: 'seen' })];
    const model = opened({ ...EMPTY, tasks: [task('task-001')], messages });
    const read = (from: Model, ms: number) => happen(from, { type: 'tick', now: NOW + ms }).effects;
    expect(read(model, 500)).toEqual([]);
    expect(read(model, 1000)).toEqual([{ type: 'read', messages: ['m1'] }]);
    // The cursor is on the long one, which then is beside the list.
    expect(read(press(model, 'j', 'j').model, 1000)).toEqual([{ type: 'read', messages: ['m1', 'm3'] }]);
    expect(read(press(model, 'n').model, 1000)).toEqual([]);
    expect(read(press(model, 'b').model, 1000)).toEqual([]);
    const tasks = Array.from({ length: 50 }, (_, index) => task(`task-${index}`));
    expect(read(opened({ ...EMPTY, tasks, messages }), 1000)).toEqual([]);
  });

  it.each([
    [50, 24],
    [140, 12],
  ])(
    'takes a long message for read on %i by %i only once its end was there, which can be scrolled to',
    (columns, rows) => {
      const long = message('m1', { text: `${'word '.repeat(400)}the end` });
      const model = opened({ ...EMPTY, messages: [long] }, columns, rows);
      const read = (from: Model) => happen(from, { type: 'tick', now: NOW + 1000 }).effects;
      expect(read(model)).toEqual([]);
      const end = press(model, ...Array.from({ length: 100 }, () => 'J')).model;
      expect(frame(end)).toContain('the end');
      expect(read(end)).toEqual([{ type: 'read', messages: ['m1'] }]);
      expect(read(press(end, 'K').model)).toEqual([]);
    },
  );
});
