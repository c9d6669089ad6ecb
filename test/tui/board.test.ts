import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { peekInbox } from '../../src/board/messages/inbox.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { findMessage } from '../../src/board/messages/receipts.ts';
import { PERSON } from '../../src/board/participants.ts';
import { askQuestion } from '../../src/board/questions.ts';
import { resolveParticipant } from '../../src/board/roster.ts';
import { readTask } from '../../src/board/tasks/read.ts';
import { join as joinBoard, useBoard } from '../board/own-board.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const SCRIPT = "on:\n  - { prompt: work, do: [{ run: 'until [ -e go ]; do sleep 0.05; done' }] }\n";

/** The person's overrides, keys in and screen out, in the real program. */
describe('the board in swarm tui', () => {
  const world = useWorld();
  const board = useBoard(world);
  const terminal = useTerminal(world);
  const open = async () => {
    await terminal.open({ columns: 140, rows: 34 });
    await terminal.type('swarm tui; echo "left"$?');
    await terminal.shows(/\? help/);
  };
  const type = (text: string) => terminal.keys('-l', '--', text);
  const task = (id: string) => readTask(board, id);
  const becomes = (id: string, what: object) =>
    waitFor(
      async (see) => {
        expect(see(await task(id))).toMatchObject(what);
        return true;
      },
      `${id} as ${JSON.stringify(what)}`,
    );
  const add = (...words: string[]) => world.swarm(['task', 'add', ...words]);

  it('shows tasks, and lets them be made, changed, prioritised, given away, put back, failed and removed', async () => {
    const anna = await joinBoard(board, 'anna');
    await add('Write the routes', '-P', '2');
    await add('Test the routes', '--depends', 'task-001');
    await open();
    await terminal.keys('b');
    await terminal.shows(/Tasks: 1 available, 1 blocked/);
    await terminal.shows(/▌ ○ available task-001 P2 .*Write the routes/);
    await terminal.shows(/◑ blocked +task-002 P3 .*waits for task-001/);

    await terminal.keys('+');
    await becomes('task-001', { priority: 1 });
    await terminal.shows(/✓ task-001 has priority 1/);
    // Each counts, also those that come before the board was read again.
    await type('----');
    await becomes('task-001', { priority: 5 });
    await terminal.shows(/task-001 P5/);
    await type('++++');
    await becomes('task-001', { priority: 1 });
    await terminal.shows(/task-001 P1/);
    await terminal.keys('m');
    await terminal.shows(/Give task-001 to[\s\S]*1 +person[\s\S]*2 +anna/);
    await terminal.keys('2');
    await becomes('task-001', { status: 'claimed', claimedBy: anna.name });
    expect(await peekInbox(board, anna)).toMatchObject([{ type: 'TASK_ASSIGNMENT', taskId: 'task-001' }]);
    await terminal.shows(/● claimed +task-001 P1 anna/);
    await terminal.keys('x');
    await terminal.shows(/What shall become of task-001\?[\s\S]*r +back to the queue/);
    await terminal.keys('r');
    await becomes('task-001', { status: 'available', claimedBy: null });

    await terminal.keys('n');
    await terminal.shows(/New task/);
    await type('Write the docs');
    await terminal.keys('Tab');
    await type('5');
    await terminal.keys('Tab');
    await type('task-001');
    await terminal.keys('Enter');
    await becomes('task-003', { description: 'Write the docs', priority: 5, dependencies: ['task-001'] });
    await terminal.shows(/task-003 P5/);
    await terminal.keys('g', 'g', 'j', 'j', 'e');
    await terminal.shows(/Change task-003/);
    await type(' well');
    await terminal.keys('Enter');
    await becomes('task-003', { description: 'Write the docs well', priority: 5 });
    await terminal.keys('x', 'd');
    await waitFor(async () => ((await world.swarm(['task', 'show', '3'])).exitCode === 3 ? true : null), 'its removal');
    await terminal.keys('g', 'g', 'x', 'f');
    await becomes('task-001', { status: 'failed', reason: 'the person decided so' });
    await terminal.shows(/waits for task-001 \(failed\)/);

    await terminal.keys('q');
    await terminal.shows(/No agents yet/);
    await terminal.keys('q');
    await terminal.shows(/left0/);
  });

  it('says that somebody asks, takes the answer, and follows what others write', async () => {
    const anna = await joinBoard(board, 'anna');
    await open();
    await askQuestion(board, anna, { to: PERSON, text: 'Which licence?', options: ['MIT', 'GPL'] });
    await terminal.shows(/1 ASKS YOU/);
    await terminal.keys('b');
    await terminal.shows(/▌ \? anna asks you .*Which licence\?/);
    await terminal.keys('a');
    await terminal.shows(/anna asks: Which licence\?[\s\S]*1 MIT, 2 GPL/);
    await type('1');
    await terminal.keys('Enter');
    await terminal.shows(/✓ anna has your answer in its inbox/);
    await waitFor(async (see) => (see(await terminal.screen()).includes('ASKS YOU') ? null : true), 'a calm header');
    const answers = await board.db
      .selectFrom('messages')
      .select(['type', 'text'])
      .where('type', '=', 'ANSWER')
      .execute();
    expect(answers).toEqual([{ type: 'ANSWER', text: 'MIT' }]);
    const [thanks] = await postMessage(board, anna, { to: [PERSON], text: 'Thanks \u001b]0;evil\u0007' });
    await terminal.shows(/◌ anna → person .*Thanks/);
    // Whoever sits there now, and does not only have left it open, has read it.
    await terminal.keys('j');
    await terminal.shows(/· anna → person .*Thanks/);
    expect(await findMessage(board, PERSON, thanks?.id ?? '')).toMatchObject({ state: 'seen', evidence: 'screen' });

    await postMessage(board, PERSON, { to: [anna], text: 'Old words', priority: 'low' });
    await terminal.shows(/◌ person → anna .*Old words/);
    await terminal.keys('g', 'g', 'e');
    await terminal.shows(/Change the message to anna/);
    await terminal.keys('C-u');
    await type('New words');
    await terminal.keys('Enter');
    await terminal.shows(/◌ person → anna .*New words/);
    await terminal.keys('x');
    await terminal.shows(/Take back the message to anna\?/);
    await terminal.keys('y');
    await terminal.shows(/✓ the message to anna is taken back/);
    expect(await world.swarm(['msg', 'read', '--as', 'anna', '--json']).then(({ stdout }) => stdout)).not.toContain(
      'words',
    );
  });

  it('changes the next prompt of an agent, and takes an agent over and hands it back', async () => {
    const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
    const { worktree, id } = await spawnOne(world, ['t1', '-p', 'work', '--', '--script', script, '--log', 'log']);
    await world.swarm(['up']);
    try {
      await call(world, 'send', ['send', '1', 'first', '--timeout', '100ms']);
      await call(world, 'send', ['send', '1', 'second', '--timeout', '100ms']);
      await open();
      await terminal.keys('b');
      await terminal.shows(/Prompts that wait \(2\)/);
      await terminal.keys('e');
      await terminal.shows(/Change the prompt that waits for worker-1/);
      await type(' and better');
      await terminal.keys('Enter');
      await terminal.shows(/» for worker-1 +first and better/);
      await terminal.keys('j', 'x');
      await terminal.shows(/Take back the prompt that waits for worker-1\?/);
      await terminal.keys('y');
      await terminal.shows(/Prompts that wait \(1\)/);
      await terminal.keys('b');
      await terminal.shows(/1 agent · by/);
      await terminal.keys('T');
      const watching = () => world.tmux(['list-clients', '-F', '#{client_control_mode} #{client_session}']);
      await waitFor(async (see) => (/^0 swarm-app/m.test(see((await watching()).stdout)) ? true : null), 'a client');
      await terminal.shows(/until \[ -e go \]/);
      const { name } = await resolveParticipant(board, '1');
      expect(name).toBe('worker-1');
      const options = await board.db.selectFrom('agents').select('options').where('id', '=', id).executeTakeFirst();
      expect(JSON.parse(options?.options ?? '{}')).toMatchObject({ takenOver: true });
      world.write(join(worktree ?? '', 'go'), '');
      await terminal.keys('C-b', 'd');
      await terminal.shows(/yours/);
      await terminal.keys('T');
      await terminal.shows(/✓ worker-1 is handed back/);
      await terminal.keys('l');
      await terminal.shows(/tool +→ Bash until \[ -e go \]/);
      await terminal.shows(/handed-back/);
      await waitFor(
        async (see) =>
          see(readFileSync(join(worktree ?? '', 'log'), 'utf8')).includes('first and better') ? true : null,
        'the prompt',
      );
      expect(readFileSync(join(worktree ?? '', 'log'), 'utf8')).not.toContain('second');
    } finally {
      await world.swarm(['down']);
    }
  });
});
