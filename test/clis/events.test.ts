import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';

const cli = (name: string) => agentCli(name, { agents: {} });
const state = (name: string, event: string, payload: unknown = null) => cli(name).events(event, payload)?.state;

describe('claude', () => {
  it.each([
    ['SessionStart', {}, null],
    ['UserPromptSubmit', {}, 'working'],
    ['PreToolUse', {}, 'working'],
    ['PostToolUse', {}, 'working'],
    ['PostToolUseFailure', {}, 'working'],
    ['PermissionRequest', {}, 'waiting'],
    ['Notification', { notification_type: 'permission_prompt' }, 'waiting'],
    ['Notification', { notification_type: 'idle_prompt' }, null],
    ['Stop', {}, 'idle'],
    ['StopFailure', {}, 'idle'],
    ['SubagentStop', {}, null],
    ['SessionEnd', {}, null],
    ['SomethingNew', {}, undefined],
  ])('%s %j → %s', (event, payload, expected) => {
    expect(state('claude', event, payload)).toBe(expected);
  });

  it('reads prompt, conversation, tool and answer', () => {
    const { events } = cli('claude');
    expect(events('UserPromptSubmit', { session_id: 's', prompt: 'go' })).toMatchObject({
      prompt: 'go',
      conversation: 's',
    });
    expect(events('PreToolUse', { session_id: 's', tool_name: 'Bash' })?.detail).toBe('PreToolUse Bash');
    expect(events('Stop', { last_assistant_message: 'Done.' })?.answer).toBe('Done.');
  });

  it.each([null, 'text', 7, [], { session_id: 3 }])('survives a payload of %j', (payload) => {
    expect(cli('claude').events('UserPromptSubmit', payload)).toMatchObject({ state: 'working', conversation: null });
  });
});

describe('codex', () => {
  const turn = {
    type: 'agent-turn-complete',
    'thread-id': 't',
    'input-messages': ['go'],
    'last-assistant-message': 'Done.',
  };

  it('reads notify', () => {
    expect(cli('codex').events('Notify', turn)).toMatchObject({
      state: 'idle',
      conversation: 't',
      prompt: 'go',
      answer: 'Done.',
    });
  });

  it('ignores the thread that invents a title, and other notifications', () => {
    expect(cli('codex').events('Notify', { ...turn, 'input-messages': ['Generate a concise title'] })).toBeNull();
    expect(cli('codex').events('Notify', { type: 'approval-requested' })).toBeNull();
    expect(cli('codex').events('Notify', null)).toBeNull();
  });
});

describe('gemini', () => {
  it.each([
    ['BeforeAgent', {}, 'working'],
    ['BeforeTool', {}, 'working'],
    ['AfterTool', {}, 'working'],
    ['Notification', { notification_type: 'ToolPermission' }, 'waiting'],
    ['AfterAgent', {}, 'idle'],
    ['SessionStart', {}, null],
    ['PreCompress', {}, undefined],
  ])('%s %j → %s', (event, payload, expected) => {
    expect(state('gemini', event, payload)).toBe(expected);
  });
});
