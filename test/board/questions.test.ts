import { describe, expect, it } from 'vitest';
import { readInbox } from '../../src/board/messages/inbox.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { findMessage } from '../../src/board/messages/receipts.ts';
import { numberedOptions, optionsOf } from '../../src/board/options.ts';
import { PERSON } from '../../src/board/participants.ts';
import { answerQuestion, askQuestion, awaitAnswer, openQuestions } from '../../src/board/questions.ts';
import { useWorld } from '../support/world.ts';
import { join, openBoard, stateOf, useBoard } from './own-board.ts';

describe('questions', () => {
  const world = useWorld();
  const board = useBoard(world);

  it('wait for their answer, which comes as a reply, at once', async () => {
    const ann = await join(board, 'ann');
    const options = ['MIT', 'Apache-2.0'];
    const question = await askQuestion(board, ann, { to: PERSON, text: 'Which licence?', options, taskId: 'task-001' });
    expect(question).toMatchObject({ type: 'QUESTION', to: 'person', from: 'ann', state: 'queued' });
    expect(optionsOf(question)).toEqual(options);
    expect(await awaitAnswer(board, question.id, { wait: 20 })).toBeNull();
    expect(await openQuestions(board, { to: PERSON.id })).toMatchObject([{ id: question.id }]);
    expect(await openQuestions(board, { from: PERSON.id })).toEqual([]);
    const waiting = awaitAnswer(board, question.id, { wait: 60_000 });
    const other = await openBoard(stateOf(world));
    const answer = await answerQuestion(other, PERSON, 'ann', ' 2 ');
    await other.db.destroy();
    expect(answer).toMatchObject({ type: 'ANSWER', to: 'ann', text: 'Apache-2.0', payload: { option: 2 } });
    expect(await waiting).toMatchObject({ id: answer.id, replyTo: question.id, taskId: 'task-001' });
    expect(await readInbox(board, ann)).toMatchObject([{ id: answer.id }]);
    expect(await openQuestions(board)).toEqual([]);
    expect(await findMessage(board, ann, question.id)).toMatchObject({ state: 'answered', evidence: 'reply' });
    await expect(awaitAnswer(board, 'nothing', { wait: 0 })).rejects.toMatchObject({ code: 'NO_SUCH_QUESTION' });
  });

  it.each<[readonly string[], string, string, number | null]>([
    [['2', '3', '4'], '2', '2', 1],
    [['2', '3', '4'], ' 3 ', '3', 2],
    [['2', '3', '4'], '1', '1', null],
    [['1', '2'], '2', '2', 2],
    [['3000', '3001'], '2', '3001', 2],
    [['3000', '3001'], '3000', '3000', 1],
    [['MIT', 'GPL'], 'GPL', 'GPL', 2],
    [['MIT', 'GPL'], '3', '3', null],
    [['MIT', 'GPL'], '1.5', '1.5', null],
  ])('of %j take %j for %j', async (options, typed, text, option) => {
    const ann = await join(board, 'ann');
    const { id } = await askQuestion(board, ann, { to: PERSON, text: 'How many?', options });
    expect(await answerQuestion(board, PERSON, id, typed)).toMatchObject({ text, payload: { option } });
  });

  it('number their options where a number can mean nothing else', () => {
    const numbers = (...options: string[]) => numberedOptions({ payload: { options } }).map(({ number }) => number);
    expect(numbers('MIT', 'GPL')).toEqual([1, 2]);
    expect(numbers('1', '2')).toEqual([1, 2]);
    expect(numbers('8', '10')).toEqual([1, 2]);
    expect(numbers('2', '3', '4')).toEqual([null, null, null]);
  });

  it('take one answer, whoever is first', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    const { id } = await askQuestion(board, ann, { to: bob, text: 'Which?' });
    const boards = await Promise.all(Array.from({ length: 4 }, () => openBoard(stateOf(world))));
    const tries = boards.map((one, index) => answerQuestion(one, index % 2 ? bob : PERSON, id, `answer ${index}`));
    const ended = await Promise.allSettled(tries);
    for (const one of boards) await one.db.destroy();
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const given = await awaitAnswer(board, id, { wait: 0 });
    for (const one of ended) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'ALREADY_ANSWERED', exit: 4 });
    }
    const again = answerQuestion(board, bob, id.slice(0, 8), 'other');
    await expect(again).rejects.toThrow(new RegExp(`by ${given?.from}: ${given?.text}`));
    expect(await readInbox(board, ann)).toHaveLength(1);
  });

  it('are answered by whom they are for, or who leads, and by nobody else', async () => {
    const [ann, bob, cid] = [await join(board, 'ann'), await join(board, 'bob'), await join(board, 'cid')];
    const { id } = await askQuestion(board, ann, { to: bob, text: 'Which?' });
    await expect(answerQuestion(board, cid, id, 'x')).rejects.toMatchObject({ code: 'NO_SUCH_MESSAGE', exit: 3 });
    await expect(answerQuestion(board, cid, 'ann', 'x')).rejects.toMatchObject({ code: 'NO_SUCH_QUESTION', exit: 3 });
    await expect(answerQuestion(board, ann, id, 'x')).rejects.toMatchObject({ code: 'NOT_YOURS', exit: 4 });
    await expect(askQuestion(board, ann, { to: ann, text: 'Me?' })).rejects.toMatchObject({ code: 'OWN_QUESTION' });
    const ask = (text: string) => postMessage(board, bob, { to: [ann], replyTo: id, type: 'TEXT', text });
    // A word about it is no answer yet.
    await ask('Which of what?');
    expect(await openQuestions(board)).toHaveLength(1);
    const answer = { type: 'ANSWER', text: 'x' } as const;
    await expect(postMessage(board, bob, { ...answer, to: [ann] })).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
    await expect(postMessage(board, bob, { ...answer, to: [cid], replyTo: id })).rejects.toThrow(/who asked/);
    await expect(postMessage(board, ann, { ...answer, replyTo: id })).rejects.toThrow(/for bob to answer/);
    const { id: personal } = await askQuestion(board, ann, { to: PERSON, text: 'May I?' });
    // A leader answers for workers, and never for the person.
    const leader = { ...cid, leads: true };
    await expect(answerQuestion(board, leader, personal, 'Do.')).rejects.toMatchObject({ code: 'NOT_YOURS', exit: 4 });
    // What somebody can't answer is not shown to them as theirs, nor taken for the one that they mean.
    const shown = async (me: typeof ann) => (await openQuestions(board, { answerableBy: me })).map((one) => one.id);
    const { id: own } = await askQuestion(board, PERSON, { to: ann, text: 'Done?' });
    expect(await shown(PERSON)).toEqual([id, personal]);
    expect(await shown(leader)).toEqual([id, own]);
    expect(await shown(ann)).toEqual([own]);
    expect(await shown(cid)).toEqual([]);
    const { id: second } = await askQuestion(board, ann, { to: leader, text: 'And this?' });
    const several = answerQuestion(board, leader, 'ann', 'x');
    await expect(several).rejects.toMatchObject({ code: 'AMBIGUOUS_QUESTION', details: { candidates: [id, second] } });
    await answerQuestion(board, leader, second, 'Yes.');
    await answerQuestion(board, ann, own, 'No.');
    await answerQuestion(board, PERSON, personal, 'No.');
    await askQuestion(board, ann, { to: bob, text: 'And which of those?' });
    const both = answerQuestion(board, bob, 'ann', 'x');
    await expect(both).rejects.toMatchObject({ code: 'AMBIGUOUS_QUESTION', exit: 3 });
    expect(await answerQuestion(board, PERSON, id, 'That.')).toMatchObject({ from: 'person', to: 'ann' });
    expect(await answerQuestion(board, bob, 'an', 'Those.')).toMatchObject({ from: 'bob', to: 'ann' });
  });

  it('that nobody needs answered any more are closed', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    const { id } = await askQuestion(board, ann, { to: bob, text: 'Which?', expiresIn: 1 });
    await expect(awaitAnswer(board, id, { wait: 60_000 })).rejects.toMatchObject({ code: 'QUESTION_CLOSED', exit: 6 });
    expect(await openQuestions(board)).toEqual([]);
    await expect(answerQuestion(board, bob, id, 'x')).rejects.toMatchObject({ code: 'EXPIRED', exit: 4 });
    await askQuestion(board, ann, { to: bob, text: 'Which now?' });
    await board.db.updateTable('participants').set({ left_at: 'now' }).where('id', '=', ann.id).execute();
    expect(await openQuestions(board)).toEqual([]);
  });
});
