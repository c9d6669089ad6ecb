import { join as path } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInbox } from '../../src/board/messages/inbox.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { findMessage, listMessages, markSeen } from '../../src/board/messages/receipts.ts';
import { settleScreen, takeForScreen } from '../../src/board/messages/screen.ts';
import { type Participant, PERSON } from '../../src/board/participants.ts';
import { nodeFolder, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { join, stateOf, useBoard } from './own-board.ts';

describe('messages for a screen', () => {
  const world = useWorld();
  const board = useBoard(world);
  const say = async (to: Participant, text: string) => {
    const [message] = await postMessage(board, PERSON, { to: [to], text });
    return message?.id ?? '';
  };
  const program = (mode: string) =>
    start([path(nodeFolder, 'node'), path(root, 'test/board/fixtures/screen.ts'), stateOf(world), 'guest:ann', mode], {
      cwd: world.dir,
      env: world.env,
    });
  const lines = (text: string) => text.split('\n').filter((line) => line !== '');

  it('are taken one at a time, are read by nobody meanwhile, and go on as it went', async () => {
    const ann = await join(board, 'ann');
    expect(await takeForScreen(board, ann.id)).toBeNull();
    const ids = [await say(ann, 'one'), await say(ann, 'two')];
    const first = await takeForScreen(board, ann.id);
    const second = await takeForScreen(board, ann.id);
    expect([first?.text, second?.text]).toEqual(['one', 'two']);
    if (first === null || second === null) throw new Error('nothing was taken');
    expect(await takeForScreen(board, ann.id)).toBeNull();
    expect(await readInbox(board, ann)).toEqual([]);
    expect(await settleScreen(board, second, 'seen', 'hook')).toBe(true);
    expect(await findMessage(board, ann, ids[1] ?? '')).toMatchObject({ state: 'seen', evidence: 'hook' });
    // It could not be typed: it waits on, for whichever door is first.
    expect(await settleScreen(board, first, 'queued', null)).toBe(true);
    expect(await settleScreen(board, first, 'seen', 'hook')).toBe(false);
    expect(await readInbox(board, ann)).toMatchObject([{ text: 'one' }]);
    // Read through another door a moment ago: that reader is about to say so.
    expect(await takeForScreen(board, ann.id)).toBeNull();
  });

  it('that may have arrived are never typed again, and stay in the inbox', async () => {
    const ann = await join(board, 'ann');
    const id = await say(ann, 'one');
    const held = await takeForScreen(board, ann.id);
    if (held === null) throw new Error('nothing was taken');
    await settleScreen(board, held, 'unknown', null);
    expect(await takeForScreen(board, ann.id)).toBeNull();
    expect(await readInbox(board, ann)).toMatchObject([{ id, state: 'unknown' }]);
    await markSeen(board, ann, [id], 'mcp');
    expect(await readInbox(board, ann)).toEqual([]);
    // Whoever typed it comes late with its own news: what is known is more.
    expect(await settleScreen(board, held, 'unknown', null)).toBe(false);
    expect(await findMessage(board, ann, id)).toMatchObject({ state: 'seen', evidence: 'mcp' });
  });

  it('whose typist is killed halfway are unknown, never typed twice, and never lost', async () => {
    const ann = await join(board, 'ann');
    await say(ann, 'one');
    await say(ann, 'two');
    const typist = program('take');
    await waitFor((see) => (lines(see(typist.stdout())).length === 1 ? true : null), 'a message to be taken');
    expect(await readInbox(board, ann, { limit: 1 })).toMatchObject([{ text: 'two' }]);
    process.kill(typist.pid, 'SIGKILL');
    await typist.result;
    expect(await takeForScreen(board, ann.id)).toBeNull();
    expect((await listMessages(board, ann)).map(({ text, state }) => `${text} ${state}`)).toEqual([
      'one unknown',
      'two delivered',
    ]);
    expect(await readInbox(board, ann)).toMatchObject([{ text: 'one' }, { text: 'two' }]);
    const told = await board.db.selectFrom('events').select('agent').where('type', '=', 'message-unknown').execute();
    expect(told).toEqual([{ agent: 'ann' }]);
  });

  it('are each typed once by several who race, and a number that comes again is no holder', async () => {
    const ann = await join(board, 'ann');
    const texts = Array.from({ length: 40 }, (_, index) => `m${index}`);
    for (const text of texts) await say(ann, text);
    const ended = await Promise.all(Array.from({ length: 4 }, () => program('race').result));
    expect(ended.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      ended.map(() => ({ exitCode: 0, stderr: '' })),
    );
    expect(ended.flatMap(({ stdout }) => lines(stdout)).toSorted()).toEqual(texts.toSorted());
    const id = await say(ann, 'last');
    // Another process that has this number now.
    await takeForScreen(board, ann.id, { pid: process.pid, start: 'long ago' });
    expect(await readInbox(board, ann)).toMatchObject([{ id, state: 'unknown' }]);
  });
});
