import { describe, expect, it } from 'vitest';
import { logLines } from '../../src/tui/view/log.ts';

describe('the history of an agent', () => {
  it('says what became of a prompt, without ids, in columns', () => {
    const event = { id: 1, at: new Date().toISOString(), agent: 'worker-1' };
    const delivery = { agent: 'worker-1', message: 'id-of-it', state: 'delivered', evidence: 'hook', reason: null };
    const lines = logLines([
      { ...event, type: 'delivery', data: delivery },
      { ...event, type: 'delivery', data: { message: 'id-of-it', state: 'failed', reason: 'its window is gone' } },
      { ...event, type: 'status', data: { from: 'idle', to: 'working', reason: 'hook Stop' } },
    ]).map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .replace(/^ [\d:]+ /, ''),
    );
    expect(lines).toEqual([
      ' delivery    prompt delivered, seen by hook',
      ' delivery    prompt failed: its window is gone',
      ' status      idle → working: hook Stop',
    ]);
  });
});
