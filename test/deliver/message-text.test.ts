import { describe, expect, it } from 'vitest';
import { messageText } from '../../src/agents/deliver/message-text.ts';
import { factsOf } from '../../src/board/messages/payload.ts';
import type { Message } from '../../src/board/messages/types.ts';

const message: Message = {
  id: '1a2b3c4d-0000',
  from: 'lead',
  to: 'worker-1',
  type: 'CONTEXT_UPDATE',
  priority: 'normal',
  taskId: null,
  payload: {},
  text: 'The port is 8080.',
  state: 'queued',
  replyTo: null,
  broadcast: null,
  createdAt: '2026-11-20T10:00:00.000Z',
  expiresAt: null,
  deliveredAt: null,
  seenAt: null,
  evidence: null,
};
const typed = (change: Partial<Message>) => messageText({ ...message, ...change }, { paste: 'line' });

describe('a message that is typed', () => {
  const payload = { port: 8080, since: null };

  it('says in words what it has words for', () => {
    expect(typed({ payload })).toBe('[CONTEXT_UPDATE from lead, id 1a2b3c4d] The port is 8080.');
  });

  it('says by its payload what it has no words for', () => {
    expect(typed({ text: ' ', payload })).toBe('[CONTEXT_UPDATE from lead, id 1a2b3c4d] {"port":8080}');
    const assignment = { type: 'TASK_ASSIGNMENT', text: '', payload: { description: 'Build it' } } as const;
    expect(typed(assignment)).toBe('[TASK_ASSIGNMENT from lead, id 1a2b3c4d] {"description":"Build it"}');
    expect(typed({ text: '' }).trim()).toBe('[CONTEXT_UPDATE from lead, id 1a2b3c4d]');
  });
});

describe('the facts of a message', () => {
  it('are those that say something beside its words', () => {
    expect(factsOf({ type: 'ANSWER', text: 'Yes.', payload: { option: null } })).toEqual({});
    expect(factsOf({ type: 'ERROR', text: 'No.', payload: { error: 'No.', line: 3 } })).toEqual({ line: 3 });
  });
});
