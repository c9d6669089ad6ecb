import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join as path } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listen } from '../../src/board/bell.ts';
import { awaitInbox } from '../../src/board/messages/inbox.ts';
import { listMessages } from '../../src/board/messages/receipts.ts';
import { PERSON } from '../../src/board/participants.ts';
import { call } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';
import { join, useBoard } from './own-board.ts';

describe('messages, when a process is killed', () => {
  const world = useWorld();
  const board = useBoard(world);
  const crash = async (words: readonly string[], at: string) => {
    const { signal, stdout } = await world.swarm(words, { env: { SWARM_CRASH_AT: at } });
    expect(signal).toBe('SIGKILL');
    return stdout;
  };

  it('between sending one and ringing, come a moment later', async () => {
    const ann = await join(board, 'ann');
    const bell = listen(board, ann.id);
    const waiting = awaitInbox(board, ann, { wait: 60_000 });
    await crash(['msg', 'send', 'ann', 'Hello.'], 'message:post:done');
    expect(await waiting).toMatchObject([{ text: 'Hello.' }]);
    expect(await bell.heard(0)).toBe(false);
    bell.close();
  });

  it('between showing one and saying that it was seen, come again', async () => {
    const ann = await join(board, 'ann');
    await call(world, 'messages', ['msg', 'send', 'ann', 'Hello.']);
    const shown = await crash(['msg', 'read', '--as', 'ann'], 'message:seen:begun');
    expect(shown).toContain('Hello.');
    expect(await listMessages(board, PERSON)).toMatchObject([{ state: 'delivered', evidence: null }]);
    expect((await world.swarm(['msg', 'read', '--as', 'ann'])).stdout).toContain('Hello.');
    expect(await awaitInbox(board, ann, { wait: 0 })).toEqual([]);
  });

  it('and are still waited for where no bell can be watched', async () => {
    const ann = await join(board, 'ann');
    // What a bell's file would be called is taken by a folder.
    const [name] = bellsOf(() => listen(board, ann.id).close());
    mkdirSync(path(board.stateDir, 'bells', name ?? ''), { recursive: true });
    const waiting = awaitInbox(board, ann, { wait: 60_000 });
    await call(world, 'messages', ['msg', 'send', 'ann', 'Hello.']);
    expect(await waiting).toMatchObject([{ text: 'Hello.' }]);
  });

  /** Names of the bells' files that `work` makes; they are removed again. */
  function bellsOf(work: () => void): string[] {
    work();
    const folder = path(board.stateDir, 'bells');
    const names = readdirSync(folder);
    rmSync(folder, { recursive: true });
    return names;
  }
});
