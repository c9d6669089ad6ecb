import { describe, expect, it } from 'vitest';
import { eventWords } from '../../src/agents/event-words.ts';

describe('an event in words', () => {
  it.each([
    ['status', { from: 'idle', to: 'working', reason: 'hook X' }, 'idle → working: hook X'],
    ['delivery', { message: 'id', state: 'failed', reason: 'gone' }, 'prompt failed: gone'],
    ['removed', { id: 'some-uuid' }, ''],
    ['started', { argv: ['claude'], window: '@3' }, ''],
    ['renamed', { from: 'worker-1' }, 'was worker-1'],
    ['task-created', { task: 'task-001', description: 'Do\nit' }, 'task-001: Do it'],
    ['task-created', { task: 'task-001', description: 'Do\n'.repeat(9000) }, `task-001: ${'Do '.repeat(63)}…`],
    ['task-claimed', { task: 'task-001', attempt: 2 }, 'task-001 · attempt 2'],
    ['task-failed', { task: 'task-001', attempt: 1, reason: 'no API' }, 'task-001: no API · attempt 1'],
    ['task-done', { task: 'task-001', summary: 'Did it', commit: 'abc' }, 'task-001: Did it (commit abc)'],
    ['task-done', { task: 't', summary: 'x'.repeat(300), commit: 'abc' }, `t: ${'x'.repeat(199)}… (commit abc)`],
    ['task-failed', { task: 't', reason: 'x'.repeat(300) }, `t: ${'x'.repeat(199)}…`],
    ['message', { ids: ['a'], to: ['w1', 'w2'], kind: 'TEXT', text: 'Hi' }, 'to w1, w2: Hi'],
    ['message', { ids: ['a'], to: ['w1'], kind: 'STATUS_REQUEST', text: '' }, 'to w1: STATUS_REQUEST'],
    ['question', { to: ['person'], text: 'Which?' }, 'asks person: Which?'],
    ['message-seen', { ids: ['a', 'b'], evidence: 'mcp' }, '2 messages, by mcp'],
    ['memory', { id: 1, kind: 'decisions', team: false, text: 'REST' }, 'own decisions: REST'],
    ['progress', { task: 'task-001', text: 'half', percent: 50 }, 'task-001: half (50 %)'],
    ['tool_call_start', { tool_name: 'Read', tool_input: { file_path: 'a' } }, '→ Read a'],
    ['tool_call_complete', { tool_name: 'Read', success: false, error: 'no' }, '✗ Read: no'],
    ['whatever-comes', { a: 1, b: null, c: { d: 1 }, e: '\u001b[31mred' }, 'a 1 · e red'],
    ['constructor', {}, ''],
  ])('%s %j', (type, data, expected) => {
    expect(eventWords(type, data)).toBe(expected);
  });
});
