import { readdirSync, rmSync, statSync } from 'node:fs';
import { join as path } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BOARD_BELL, listen, ring } from '../../src/board/bell.ts';
import { transact } from '../../src/board/context.ts';
import { awaitInbox } from '../../src/board/messages/inbox.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { PERSON } from '../../src/board/participants.ts';
import { useWorld } from '../support/world.ts';
import { join, openBoard, stateOf, useBoard } from './own-board.ts';

describe('bells', () => {
  const world = useWorld();
  const board = useBoard(world);

  it('wake who listens, at once, and nobody else', async () => {
    const [ann, bob, all] = [listen(board, 'ann'), listen(board, 'bob'), listen(board, BOARD_BELL)];
    const heard = Promise.all([ann.heard(10_000), all.heard(10_000)]);
    ring(board, 'ann');
    expect(await heard).toEqual([true, true]);
    expect(await bob.heard(10)).toBe(false);
    // One that rang while nobody waited is heard by the next who does.
    ring(board, 'bob');
    ring(board, 'bob');
    expect(await bob.heard(10_000)).toBe(true);
    for (const bell of [ann, bob, all]) bell.close();
    expect(await ann.heard(10_000)).toBe(false);
  });

  it('are heard after the transaction in which they were rung', async () => {
    const ann = await join(board, 'ann');
    const bell = listen(board, ann.id);
    await transact(board, async (within) => {
      await postMessage(within, PERSON, { to: [ann], text: 'Look' });
      expect(await bell.heard(200)).toBe(false);
    });
    expect(await bell.heard(10_000)).toBe(true);
    bell.close();
  });

  it('are private files that name nobody, and end with the signal', async () => {
    const ending = new AbortController();
    const bell = listen(board, 'guest:../../x', ending.signal);
    const folder = path(board.stateDir, 'bells');
    expect(readdirSync(folder)).toHaveLength(1);
    expect(readdirSync(folder)[0]).toMatch(/^[0-9a-f]{32}$/);
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
    expect([mode(folder), mode(path(folder, readdirSync(folder)[0] ?? ''))]).toEqual(['700', '600']);
    const waiting = bell.heard(60_000);
    ending.abort();
    expect(await waiting).toBe(false);
    expect(await listen(board, 'late', ending.signal).heard(60_000)).toBe(false);
  });

  it('let somebody wait for mail, until it comes, the time is up or the signal', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    expect(await awaitInbox(board, bob, { wait: 0 })).toEqual([]);
    expect(await awaitInbox(board, bob, { wait: 30 })).toEqual([]);
    expect(await awaitInbox(board, bob, { wait: 60_000, signal: AbortSignal.timeout(30) })).toEqual([]);
    const waiting = awaitInbox(board, bob, { wait: 60_000 });
    const sender = await openBoard(stateOf(world));
    await postMessage(sender, ann, { to: [bob], text: 'hello' });
    await sender.db.destroy();
    expect(await waiting).toMatchObject([{ text: 'hello', state: 'delivered' }]);
  });

  it('that are torn away cost a second, and no message', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    const waiting = awaitInbox(board, bob, { wait: 60_000 });
    const bell = listen(board, bob.id);
    rmSync(path(board.stateDir, 'bells'), { recursive: true });
    bell.close();
    await postMessage(board, ann, { to: [bob], text: 'hello' });
    expect(await waiting).toMatchObject([{ text: 'hello' }]);
  });
});
