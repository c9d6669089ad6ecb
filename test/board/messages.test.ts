import { describe, expect, it } from 'vitest';
import { awaitInbox, peekInbox, readInbox } from '../../src/board/messages/inbox.ts';
import { INBOX_LIMIT, TEXT_LIMIT } from '../../src/board/messages/limits.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { findMessage, listMessages, markSeen } from '../../src/board/messages/receipts.ts';
import { expireMessages } from '../../src/board/messages/settle.ts';
import { MESSAGE_STATES } from '../../src/board/messages/types.ts';
import { type Participant, PERSON } from '../../src/board/participants.ts';
import { useWorld } from '../support/world.ts';
import { join, useBoard } from './own-board.ts';

describe('messages', () => {
  const world = useWorld();
  const board = useBoard(world);
  const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);
  const say = (from: Participant, to: Participant, text: string, more: object = {}) =>
    postMessage(board, from, { to: [to], text, ...more });
  const events = async () => {
    const rows = await board.db.selectFrom('events').selectAll().where('type', '!=', 'joined').orderBy('id').execute();
    return rows.map(({ agent, type, data }) => ({ agent, type, ...JSON.parse(data) }));
  };

  it('are handed over by priority, then in the order in which they came, until they are seen', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    for (const [priority, text] of [
      ['low', 'l1'],
      ['normal', 'n1'],
      ['urgent', 'u1'],
      ['low', 'l2'],
      ['urgent', 'u2'],
      ['normal', 'n2'],
    ]) {
      await say(ann, bob, text ?? '', { priority });
    }
    expect(texts(await peekInbox(board, bob))).toEqual(['u1', 'u2', 'n1', 'n2', 'l1', 'l2']);
    expect(texts(await readInbox(board, bob, { limit: 3 }))).toEqual(['u1', 'u2', 'n1']);
    // Nobody said that they were seen: they come again, and nobody else gets them.
    const again = await readInbox(board, bob);
    expect(again.map(({ text, state }) => `${text} ${state}`)).toEqual(
      ['u1', 'u2', 'n1', 'n2', 'l1', 'l2'].map((text) => `${text} delivered`),
    );
    expect(await readInbox(board, ann)).toEqual([]);
    const ids = again.slice(0, 4).map(({ id }) => id);
    expect(await markSeen(board, ann, ids, 'mcp')).toEqual([]);
    expect((await markSeen(board, bob, ids, 'mcp')).toSorted()).toEqual(ids.toSorted());
    expect(await markSeen(board, bob, ids, 'cli')).toEqual([]);
    expect(texts(await readInbox(board, bob))).toEqual(['l1', 'l2']);
    const [first] = await listMessages(board, ann, { states: ['seen'] });
    expect(first).toMatchObject({ text: 'n1', from: 'ann', to: 'bob', type: 'TEXT', evidence: 'mcp' });
    expect(first?.seenAt).toMatch(/^\d{4}-.*Z$/);
    expect((await events()).map(({ agent, type }) => `${agent} ${type}`)).toEqual([
      ...Array.from({ length: 6 }, () => 'ann message'),
      'bob message-seen',
    ]);
  });

  it('to everybody go into each inbox but the sender’s, as one broadcast', async () => {
    const people = await Promise.all(['ann', 'bob', 'cid'].map((name) => join(board, name)));
    const [ann] = people as [Participant];
    const posted = await postMessage(board, ann, { to: 'all', type: 'CONTEXT_UPDATE', text: 'New base' });
    expect(posted.map(({ to }) => to).toSorted()).toEqual(['bob', 'cid', 'person']);
    expect(new Set(posted.map(({ broadcast }) => broadcast)).size).toBe(1);
    expect(posted[0]?.broadcast).toMatch(/^[0-9a-f-]{36}$/);
    // One line of history for one thing that was said.
    expect(await events()).toMatchObject([{ agent: 'ann', type: 'message', to: ['person', 'bob', 'cid'] }]);
    expect(await readInbox(board, ann)).toEqual([]);
    const [, , cid] = people;
    const old = { last_seen_at: new Date(Date.now() - 25 * 3600 * 1000).toISOString() };
    await board.db
      .updateTable('participants')
      .set(old)
      .where('id', '=', cid?.id ?? '')
      .execute();
    const later = await postMessage(board, ann, { to: 'all', text: 'Who is there?' });
    expect(later.map(({ to }) => to)).toEqual(['person', 'bob']);
    const twice = await postMessage(board, ann, { to: [PERSON, PERSON], text: 'once' });
    expect(twice).toHaveLength(1);
  });

  /** As many as an inbox holds. */
  const fill = async (from: Participant, to: Participant, expires_at: string | null) => {
    const wishes = Array.from({ length: INBOX_LIMIT }, (_, index) => ({
      id: `${index}`,
      from_id: from.id,
      to_id: to.id,
      type: 'TEXT',
      rank: 1,
      payload: '{}',
      text: `${index}`,
      state: index % 2 === 0 ? ('queued' as const) : ('delivered' as const),
      created_at: new Date().toISOString(),
      expires_at,
    }));
    await board.db.insertInto('messages').values(wishes).execute();
  };

  it('a full inbox refuses, for one or for all, and nothing is lost or half said', async () => {
    const [ann, bob, cid] = [await join(board, 'ann'), await join(board, 'bob'), await join(board, 'cid')];
    await fill(ann, bob, null);
    for (const to of [[bob], 'all'] as const) {
      const refusal = postMessage(board, ann, { to, text: 'more' });
      await expect(refusal).rejects.toMatchObject({ code: 'INBOX_FULL', exit: 6, details: { to: 'bob' } });
    }
    expect(await readInbox(board, cid)).toEqual([]);
    expect(await events()).toEqual([]);
    const [question] = await say(bob, ann, 'Which?', { type: 'QUESTION' });
    // Who asked can't read on before it knows: an answer fits always.
    expect(await postMessage(board, ann, { replyTo: question?.id, text: 'This.' })).toMatchObject([{ type: 'ANSWER' }]);
    await markSeen(board, bob, ['0', '1'], 'mcp');
    await say(ann, bob, 'more');
    await expect(say(ann, bob, 'more')).rejects.toMatchObject({ code: 'INBOX_FULL' });
  });

  it('that have expired stay so when somebody replies, and the reply is sent', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    const [one] = await say(ann, bob, 'Now?', { expiresIn: 60_000 });
    const id = one?.id ?? '';
    const expires_at = new Date(0).toISOString();
    await board.db.updateTable('messages').set({ expires_at }).where('id', '=', id).execute();
    await say(bob, ann, 'Too late?', { replyTo: id });
    expect(await findMessage(board, ann, id)).toMatchObject({ state: 'expired', evidence: null, seenAt: null });
    expect(texts(await readInbox(board, ann))).toEqual(['Too late?']);
  });

  it('that have expired take no room in an inbox, whoever has looked since', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    await fill(ann, bob, new Date().toISOString());
    expect(texts(await say(ann, bob, 'fits'))).toEqual(['fits']);
  });

  it('refuse what can’t be said, and keep any other text as it is', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    const odd = `a\u001b[31mred\u0007 \r\n\t\u202e \u{1f980} ${'x'.repeat(1000)}`;
    for (const [text, code] of [
      ['', 'BAD_MESSAGE'],
      [' \n', 'BAD_MESSAGE'],
      ['a\0b', 'BAD_MESSAGE'],
      ['x'.repeat(TEXT_LIMIT + 1), 'TOO_LONG'],
      ['ö'.repeat(TEXT_LIMIT / 2 + 1), 'TOO_LONG'],
    ] as const) {
      await expect(say(ann, bob, text)).rejects.toMatchObject({ code, exit: 2 });
    }
    const long = { text: 'x'.repeat(TEXT_LIMIT) };
    await expect(say(ann, bob, 'a', { payload: long })).rejects.toMatchObject({ code: 'TOO_LONG' });
    for (const [type, wrong] of [
      ['TASK_ASSIGNMENT', { dependencies: 'task-001' }],
      ['TASK_ASSIGNMENT', { context: ['src', 1] }],
      ['TASK_ASSIGNMENT', { priority: 'high' }],
      ['TASK_COMPLETE', { summary: ['done'] }],
      ['ERROR', { error: {} }],
    ] as const) {
      const refusal = say(ann, bob, 'a', { type, payload: wrong });
      await expect(refusal).rejects.toMatchObject({ code: 'BAD_PAYLOAD', exit: 2, details: { type } });
    }
    await expect(postMessage(board, ann, { to: [], text: 'a' })).rejects.toMatchObject({ code: 'NO_RECIPIENT' });
    await say(ann, bob, odd);
    await say(ann, bob, 'x'.repeat(TEXT_LIMIT));
    await say(ann, bob, 'half a \ud83e letter');
    // Some types say it all.
    await say(ann, bob, '', { type: 'TERMINATE', payload: { reason: 'done' } });
    // What is known of a type's payload need not be all there, and more may be.
    const payload = { branch: null, priority: 1, into: 'main' };
    await say(ann, bob, 'do it', { type: 'TASK_ASSIGNMENT', payload });
    const got = await readInbox(board, bob);
    expect(texts(got)).toEqual([odd, 'x'.repeat(TEXT_LIMIT), 'half a \ufffd letter', '', 'do it']);
    expect([got[3]?.payload, got[4]?.payload]).toEqual([{ reason: 'done' }, payload]);
  });

  it('that nobody read in time are not handed over any more', async () => {
    const [ann, bob] = [await join(board, 'ann'), await join(board, 'bob')];
    await say(ann, bob, 'gone', { expiresIn: 1 });
    await say(ann, bob, 'stays', { expiresIn: 60_000 });
    await say(bob, ann, 'gone too', { expiresIn: 1 });
    await awaitInbox(board, { id: 'nobody', name: 'nobody' }, { wait: 5 });
    expect(texts(await readInbox(board, bob))).toEqual(['stays']);
    expect(await expireMessages(board)).toBe(true);
    expect(await expireMessages(board)).toBe(false);
    expect((await listMessages(board, ann)).map(({ text, state }) => `${text} ${state}`)).toEqual([
      'gone expired',
      'stays delivered',
      'gone too expired',
    ]);
    const told = (await events()).filter(({ type }) => type === 'message-expired');
    expect(told.map(({ agent }) => agent)).toEqual(['bob', 'ann']);
  });

  it('that are replied to are answered, and the reply goes to who wrote', async () => {
    const [ann, bob, cid] = [await join(board, 'ann'), await join(board, 'bob'), await join(board, 'cid')];
    const [first] = await say(ann, bob, 'Look at #3', { taskId: 'task-003' });
    const replyTo = first?.id ?? '';
    await expect(postMessage(board, cid, { replyTo, text: 'me too' })).rejects.toMatchObject({
      code: 'NO_SUCH_MESSAGE',
      exit: 3,
    });
    const [reply] = await postMessage(board, bob, { replyTo, text: 'Done' });
    expect(reply).toMatchObject({ to: 'ann', type: 'TEXT', replyTo, taskId: 'task-003' });
    expect(await findMessage(board, ann, replyTo)).toMatchObject({ state: 'answered', evidence: 'reply' });
    expect(await readInbox(board, bob)).toEqual([]);
    // A word of one's own behind it answers nothing.
    const [more] = await postMessage(board, ann, { replyTo: reply?.id, text: 'And #4' });
    await postMessage(board, ann, { replyTo: more?.id, text: 'Please' });
    expect(await findMessage(board, ann, more?.id ?? '')).toMatchObject({ to: 'bob', state: 'queued' });
  });

  it('are listed to those who took part in them, and found by the beginning of their id', async () => {
    const [ann, bob, cid] = [await join(board, 'ann'), await join(board, 'bob'), await join(board, 'cid')];
    const [one] = await say(ann, bob, 'one', { type: 'STATUS_REQUEST' });
    await say(bob, cid, 'two', { taskId: 'task-001' });
    await say(cid, PERSON, 'three');
    expect(texts(await listMessages(board, bob))).toEqual(['one', 'two']);
    expect(texts(await listMessages(board, PERSON))).toEqual(['one', 'two', 'three']);
    expect(texts(await listMessages(board, PERSON, { limit: 2 }))).toEqual(['two', 'three']);
    expect(texts(await listMessages(board, PERSON, { from: cid.id }))).toEqual(['three']);
    expect(texts(await listMessages(board, PERSON, { to: cid.id, taskId: 'task-001' }))).toEqual(['two']);
    expect(texts(await listMessages(board, PERSON, { types: ['STATUS_REQUEST'] }))).toEqual(['one']);
    expect(texts(await listMessages(board, PERSON, { states: MESSAGE_STATES }))).toHaveLength(3);
    const id = one?.id ?? '';
    expect(await findMessage(board, bob, id.slice(0, 8).toUpperCase())).toEqual(one);
    for (const [who, word] of [
      [cid, id],
      [bob, id.slice(0, 3)],
      [bob, '%'],
      [bob, 'ffffffff-ffff'],
    ] as const) {
      await expect(findMessage(board, who, word)).rejects.toMatchObject({ code: 'NO_SUCH_MESSAGE', exit: 3 });
    }
  });
});
