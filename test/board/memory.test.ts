import { describe, expect, it } from 'vitest';
import { addMemory, MEMORY_KINDS, removeMemory, searchMemory } from '../../src/board/memory.ts';
import { PERSON } from '../../src/board/participants.ts';
import { useWorld } from '../support/world.ts';
import { join, useBoard } from './own-board.ts';

describe('memory', () => {
  const world = useWorld();
  const board = useBoard(world);
  const found = async (...search: Parameters<typeof searchMemory> extends [unknown, ...infer Rest] ? Rest : never) =>
    (await searchMemory(board, ...search)).map(({ text }) => text);

  it('is the team’s or one’s own, the newest first', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    for (const kind of MEMORY_KINDS) await addMemory(board, ann, { kind, text: `own ${kind}`, team: false });
    const shared = await addMemory(board, bob, {
      kind: 'discoveries',
      text: ' The tests need Redis. ',
      team: true,
      taskId: 'task-007',
    });
    expect(shared).toMatchObject({ owner: null, createdBy: 'bob', taskId: 'task-007', text: 'The tests need Redis.' });
    expect(await found(ann)).toEqual([
      'The tests need Redis.',
      ...MEMORY_KINDS.map((kind) => `own ${kind}`).toReversed(),
    ]);
    expect(await found(bob)).toEqual(['The tests need Redis.']);
    expect(await found(ann, { whose: 'own', kind: 'files' })).toEqual(['own files']);
    expect(await found(ann, { whose: 'team' })).toEqual(['The tests need Redis.']);
    expect(await found(ann, { limit: 1 })).toEqual(['The tests need Redis.']);
    // Said twice, kept once.
    const again = await addMemory(board, ann, { kind: 'discoveries', text: 'The tests need Redis.', team: true });
    expect(again).toEqual(shared);
    const events = await board.db.selectFrom('events').select('agent').where('type', '=', 'memory').execute();
    expect(events.map(({ agent }) => agent)).toEqual([...MEMORY_KINDS.map(() => 'ann'), 'bob']);
  });

  it('is found by all of the words, in any case, and no word is a pattern', async () => {
    const ann = await join(board, 'ann');
    const texts = [
      'Coverage is 80% now',
      'src/a_b.ts holds the parser',
      'src/axb.ts too',
      "it's C:\\temp",
      'Ünïcode wörds',
      'Straße, οδός',
    ];
    for (const text of texts) await addMemory(board, ann, { kind: 'concepts', text, team: true });
    for (const [query, expected] of [
      ['PARSER src', [texts[1]]],
      ['parser nowhere', []],
      ['80%', [texts[0]]],
      ['%', [texts[0]]],
      ['a_b', [texts[1]]],
      ['\\temp', [texts[3]]],
      ["it's", [texts[3]]],
      ['wörds', [texts[4]]],
      ['Ünïcode WÖRDS', [texts[4]]],
      ['u\u0308nïcode', [texts[4]]],
      ['ΟΔΌΣ STRASSE', [texts[5]]],
      ["' or 1=1 --", []],
    ] as const) {
      expect(await found(ann, { query })).toEqual(expected);
    }
  });

  it('is found behind many newer ones, up to the limit', async () => {
    const ann = await join(board, 'ann');
    const one = {
      owner: null,
      kind: 'concepts',
      task_id: null,
      created_by: ann.id,
      created_at: '2026-01-01T00:00:00Z',
    };
    const values = Array.from({ length: 1200 }, (_, at) => ({
      ...one,
      text: at % 600 === 0 ? `Übung ${at}` : `${at}`,
    }));
    for (let at = 0; at < values.length; at += 100) {
      await board.db
        .insertInto('memory')
        .values(values.slice(at, at + 100))
        .execute();
    }
    expect(await found(ann, { query: 'übung' })).toEqual(['Übung 600', 'Übung 0']);
    expect(await found(ann, { query: 'übung', limit: 1 })).toEqual(['Übung 600']);
    expect(await found(ann, { query: '0 ÜBUNG 6' })).toEqual(['Übung 600']);
    expect(await found(ann)).toHaveLength(50);
  });

  it('is removed by whose it is, who wrote it, or who leads', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    const own = await addMemory(board, ann, { kind: 'files', text: 'a', team: false });
    const shared = await addMemory(board, ann, { kind: 'files', text: 'b', team: true });
    const third = await addMemory(board, bob, { kind: 'files', text: 'c', team: true });
    for (const { id } of [own, shared]) {
      await expect(removeMemory(board, bob, id)).rejects.toMatchObject({ code: 'NOT_YOURS', exit: 4 });
      expect(await removeMemory(board, ann, id)).toMatchObject({ id });
    }
    expect(await removeMemory(board, PERSON, third.id)).toMatchObject({ text: 'c' });
    await expect(removeMemory(board, ann, own.id)).rejects.toMatchObject({ code: 'NO_SUCH_MEMORY', exit: 3 });
    for (const text of ['', ' \n', 'a\0b', 'x'.repeat(20_000)]) {
      await expect(addMemory(board, ann, { kind: 'files', text, team: true })).rejects.toMatchObject({
        code: 'BAD_MEMORY',
      });
    }
  });
});
