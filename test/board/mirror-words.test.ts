import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../src/board/context.ts';
import { addMemory, searchMemory } from '../../src/board/memory.ts';
import { readInbox } from '../../src/board/messages/inbox.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { listMessages } from '../../src/board/messages/receipts.ts';
import { discoveriesFrom, discoveriesText, planFrom, planText } from '../../src/board/mirror/texts.ts';
import { callerOf, type Participant, PERSON } from '../../src/board/participants.ts';
import { readPlan, setPlan } from '../../src/board/plan.ts';
import { askQuestion } from '../../src/board/questions.ts';
import { addTask } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { readTask } from '../../src/board/tasks/read.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { type Files, withMirror } from './mirror-support.ts';

const DOWN = 'communication/messages/master-to-worker';
const UP = 'communication/messages/worker-to-master';

describe('words in files', () => {
  const world = useWorld();
  const rejection = (files: Files, file: string, code: string) =>
    waitFor((see) => see(files.rejected(file)).find((one) => one.code === code) ?? null, `${code} of ${file}`);

  it('are the plan, as somebody wrote it', () =>
    withMirror(world, async (board, files) => {
      const plan = '# Build a REST API\n\n1. The model\n2. Login\n';
      files.write('master-plan.md', plan);
      const goal = await waitFor(async () => (await readPlan(board))?.goal ?? null, 'the plan');
      expect(goal).toBe('Build a REST API');
      expect(await readPlan(board)).toMatchObject({ plan: plan.trim(), by: 'files' });
      await setPlan(board, PERSON, { goal: 'Build a GraphQL API', plan: 'One step.' });
      await waitFor(() => (files.text('master-plan.md').includes('GraphQL') ? true : null), 'the new plan');
      expect(files.text('master-plan.md')).toBe('# Goal\n\nBuild a GraphQL API\n\n# Plan\n\nOne step.\n');
      files.write('master-plan.md', files.text('master-plan.md').replace('One step.', 'Two steps.'));
      await waitFor(async () => ((await readPlan(board))?.plan === 'Two steps.' ? true : null), 'the changed plan');
      expect((await readPlan(board))?.goal).toBe('Build a GraphQL API');
      expect(files.rejected('master-plan.md')).toEqual([]);
    }));

  it('are not lost where two change the plan at once', () =>
    withMirror(world, async (board, files) => {
      await setPlan(board, PERSON, { goal: 'G', plan: 'P' });
      await waitFor(() => (files.has('master-plan.md') ? true : null), 'the plan');
      files.write('master-plan.md', '# Goal\n\nG\n\n# Plan\n\nMine\n');
      await setPlan(board, PERSON, { goal: 'G', plan: 'Theirs' });
      expect(await rejection(files, 'master-plan.md', 'STALE')).toMatchObject({
        edit: expect.stringContaining('Mine'),
      });
      await waitFor(() => (files.text('master-plan.md').includes('Theirs') ? true : null), 'the board’s plan');
    }));

  it('are discoveries, which are only added to', () =>
    withMirror(world, async (board, files) => {
      await addMemory(board, PERSON, { kind: 'discoveries', text: 'Tests need Redis', team: true });
      const file = 'context/discoveries.md';
      await waitFor(() => (files.text(file).includes('Redis') ? true : null), 'the first');
      const old = files.text(file);
      files.write(file, `${old}- The port is 8080\n  not 80\n\nA paragraph\nof two lines\n`);
      await addMemory(board, PERSON, { kind: 'discoveries', text: 'Meanwhile', team: true });
      const found = () => searchMemory(board, PERSON, { kind: 'discoveries', whose: 'team' });
      await waitFor(async () => ((await found()).length === 4 ? true : null), 'the new ones');
      expect((await found()).map(({ text }) => text).sort()).toEqual(
        ['A paragraph\nof two lines', 'Meanwhile', 'Tests need Redis', 'The port is 8080\nnot 80'].sort(),
      );
      // An old copy with one more line loses nothing.
      files.write(file, `${old}- Late\n`);
      await waitFor(async () => ((await found()).length === 5 ? true : null), 'the late one');
      await waitFor(() => (/Meanwhile[\s\S]*Late/.test(files.text(file)) ? true : null), 'all of them');
    }));

  it.each(['One', 'Two\nlines', 'With\n\n  a gap', '- dashed', 'trailing  '])('read back as they were: %j', (text) => {
    expect(discoveriesFrom(discoveriesText(['first', text, 'last']))).toEqual(
      text === '- dashed' ? ['first', '- dashed', 'last'] : ['first', text.trim(), 'last'],
    );
    for (const plan of [text, `# Head\n\n${text}`, '']) {
      const whole = { goal: 'The goal', plan: plan.trim() };
      expect(planFrom(planText(whole))).toEqual(whole);
    }
  });

  it('go to whom they name, several or all, and about a task that there is', () =>
    withMirror(world, async (board, files) => {
      const [anna, ben] = [await callerOf(board, {}, 'anna'), await callerOf(board, {}, 'ben')];
      await addTask(board, PERSON, { description: 'Build it' });
      files.write(`${UP}/several.json`, { workerId: 'anna', to: ['ben', 'leader'], text: 'Several' });
      files.write(`${UP}/all.json`, { workerId: 'anna', to: 'all', taskId: '1', text: 'All' });
      const texts = async (who: Participant) => (await readInbox(board, who)).map(({ text }) => text).sort();
      for (const who of [ben, PERSON])
        await waitFor(async (see) => (see(await texts(who)).join() === 'All,Several' ? true : null), who.name);
      expect((await readInbox(board, ben)).find(({ text }) => text === 'All')).toMatchObject({ taskId: 'task-001' });
      files.write(`${UP}/nobody.json`, { workerId: 'anna', to: [7], text: 'Whom?' });
      files.write(`${UP}/nothing.json`, { workerId: 'anna', taskId: 'task-9', text: 'About what?' });
      expect(await rejection(files, `${UP}/nobody.json`, 'BAD_MESSAGE')).toMatchObject({
        reason: expect.stringContaining('list of names'),
      });
      await rejection(files, `${UP}/nothing.json`, 'NO_SUCH_TASK');
      // A reply needs no name: it goes to who wrote the first one.
      const { id = '' } = (await postMessage(board, ben, { to: [anna], text: 'What for?' }))[0] ?? {};
      files.write(`${UP}/reply.json`, { workerId: 'anna', replyTo: id, text: 'For you' });
      await waitFor(async (see) => (see(await texts(ben)).includes('For you') ? true : null), 'the reply');
      expect(await texts(PERSON)).toEqual(['All', 'Several']);
      expect(await texts(anna)).toEqual([]);
    }));

  it('are a worker’s memory', () =>
    withMirror(world, async (board, files) => {
      const anna = await callerOf(board, {}, 'anna');
      await addMemory(board, anna, { kind: 'files', text: 'src/api.ts', team: false });
      const file = 'state/workers/anna-memory.json';
      await waitFor(() => (files.has(file) && files.text(file).includes('api.ts') ? true : null), 'her memory');
      const now = files.json<Record<string, unknown>>(file);
      files.write(file, { ...now, files: [], decisions: ['One schema', { what: 'REST', why: 'simple' }] });
      const mine = () => searchMemory(board, anna, { whose: 'own' });
      await waitFor(async () => ((await mine()).length === 2 ? true : null), 'what she keeps now');
      expect((await mine()).map(({ kind, text }) => [kind, text])).toEqual([
        ['decisions', '{"what":"REST","why":"simple"}'],
        ['decisions', 'One schema'],
      ]);
      files.write(file, '{"files": [');
      expect(await rejection(files, file, 'BAD_JSON')).toMatchObject({ edit: '{"files": [' });
      await waitFor(() => files.json(file) as object, 'her memory, put right');
      expect(await mine()).toHaveLength(2);
    }));

  it('are a sign of life with each writing of a report, not for as long as it lies there', () =>
    withMirror(world, async (board, files) => {
      const anna = await callerOf(board, {}, 'anna');
      await addTask(board, PERSON, { description: 'Build it' });
      const past = '2020-01-01T00:00:00.000Z';
      const lease = async () => (await readTask(board, 'task-001')).leaseUntil;
      const lapse = () =>
        board.db.updateTable('tasks').set({ lease_until: past }).where('id', '=', 'task-001').execute();
      await claimTask(board, anna, { id: 'task-001' });
      for (const [draft, next] of [
        ['Half of it.', 'task-002'],
        ['Most of it.', 'task-003'],
      ] as const) {
        await lapse();
        files.write('results/task-001.md', draft);
        await waitFor(async (see) => (see(await lease()) === past ? null : true), 'the lease renewed');
        await lapse();
        await addTask(board, PERSON, { description: 'Another' });
        await waitFor(() => files.task(next), 'the next look');
        expect(await lease()).toBe(past);
      }
    }));

  it('are only shown in the other files of the state', () =>
    withMirror(world, async (_, files) => {
      const file = 'state/system-state.json';
      const before = files.text(file);
      files.write(file, '{"workers": {}}');
      expect(await rejection(files, file, 'READ_ONLY')).toMatchObject({ edit: '{"workers": {}}' });
      await waitFor(() => (files.text(file) === before ? true : null), 'the file put right');
    }));

  describe('as messages', () => {
    const inbox = (board: Board, who: Participant) =>
      waitFor(async () => {
        const all = await readInbox(board, who);
        return all.length > 0 ? all : null;
      }, `something for ${who.name}`);

    it('come from files, in the seeds’ form and a plain one', () =>
      withMirror(world, async (board, files) => {
        files.write(`${UP}/hello.json`, {
          workerId: 'terminal-2',
          type: 'STATUS_UPDATE',
          taskId: null,
          payload: { status: 'half way' },
          timestamp: 1,
        });
        expect(await inbox(board, PERSON)).toMatchObject([
          {
            from: 'terminal-2',
            to: 'person',
            type: 'STATUS_UPDATE',
            text: 'half way',
            payload: { status: 'half way' },
          },
        ]);
        await waitFor(() => (files.has(`${UP}/hello.json`) ? null : true), 'the file to be taken');
        // Whoever has the task is meant.
        await addTask(board, PERSON, { description: 'Build it' });
        const anna = await callerOf(board, {}, 'anna');
        await claimTask(board, anna, { id: 'task-001' });
        files.write(`${DOWN}/1.json`, {
          type: 'CONTEXT_UPDATE',
          taskId: 'task-001',
          payload: { text: 'Use zod' },
          priority: 'urgent',
        });
        expect(await inbox(board, anna)).toMatchObject([
          { from: 'person', type: 'CONTEXT_UPDATE', text: 'Use zod', priority: 'urgent', taskId: 'task-001' },
        ]);
        files.write(`${DOWN}/2.json`, { to: 'anna', text: 'And hurry' });
        await waitFor(async () => ((await readInbox(board, anna)).length === 2 ? true : null), 'both');
        expect(await listMessages(board, PERSON)).toHaveLength(3);
      }));

    it('are shown until they were seen', () =>
      withMirror(world, async (board, files) => {
        const anna = await callerOf(board, {}, 'anna');
        await postMessage(board, PERSON, { to: [anna], text: 'First' });
        await postMessage(board, PERSON, { to: [anna], text: 'Second' });
        const shown = () =>
          readdirSync(join(files.path, DOWN))
            .filter((name) => !name.startsWith('.'))
            .sort();
        await waitFor(() => (shown().length === 2 ? true : null), 'both');
        const [first = '', second = ''] = shown().map((name) => `${DOWN}/${name}`);
        expect(files.json(first)).toMatchObject({
          type: 'TEXT',
          workerId: 'anna',
          text: 'First',
          payload: {},
          timestamp: expect.any(Number),
        });
        rmSync(join(files.path, first));
        files.write(second, { ...files.json<object>(second), state: 'seen' });
        await waitFor(() => (shown().length === 0 ? true : null), 'none');
        expect(await listMessages(board, PERSON)).toMatchObject([
          { text: 'First', state: 'seen', evidence: 'file' },
          { text: 'Second', state: 'seen', evidence: 'file' },
        ]);
      }));

    it('ask and answer', () =>
      withMirror(world, async (board, files) => {
        const anna = await callerOf(board, {}, 'anna');
        await askQuestion(board, PERSON, { to: anna, text: 'Which port?' });
        const file = await waitFor(() => readdirSync(join(files.path, DOWN))[0] ?? null, 'the question');
        files.write(`${DOWN}/${file}`, { ...files.json<object>(`${DOWN}/${file}`), answer: '8080' });
        expect(await inbox(board, PERSON)).toMatchObject([{ type: 'ANSWER', text: '8080', from: 'anna' }]);
        files.write(`${UP}/q.json`, { workerId: 'anna', type: 'QUESTION', payload: { question: 'And the host?' } });
        await waitFor(
          async () => ((await readInbox(board, PERSON)).some(({ type }) => type === 'QUESTION') ? true : null),
          'hers',
        );
        await waitFor(() => {
          const { communication } = files.json<{ communication: { pendingQuestions: object[] } }>(
            'state/workers/anna-state.json',
          );
          expect(communication.pendingQuestions).toMatchObject([{ text: 'And the host?' }]);
          return true;
        }, 'what she waits for');
      }));

    it.each<[string, string, unknown]>([
      ['BAD_MESSAGE', `${UP}/x.json`, { type: 'STATUS_UPDATE', text: 'from nobody' }],
      ['BAD_MESSAGE', `${DOWN}/x.json`, { type: 'CONTEXT_UPDATE', text: 'for nobody' }],
      ['BAD_MESSAGE', `${UP}/x.json`, { workerId: 'a', type: 'SHOUT', text: 'x' }],
      ['NO_SUCH_PARTICIPANT', `${DOWN}/x.json`, { to: 'nobody', text: 'x' }],
      ['BAD_NAME', `${UP}/x.json`, { workerId: '../a', text: 'x' }],
      ['BAD_JSON', `${UP}/x.json`, '{"workerId": "a", "text": "torn'],
    ])('are refused with %s, and not lost', (code, file, content) =>
      withMirror(world, async (board, files) => {
        files.write(file, content);
        expect(await rejection(files, file, code)).toMatchObject({ edit: content });
        await waitFor(() => (files.has(file) ? null : true), 'the file to be taken away');
        expect(await listMessages(board, PERSON)).toEqual([]);
      }),
    );
  });
});
