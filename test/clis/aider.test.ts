import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import { parseScreen, type ScreenMeta } from '../../src/agents/screen.ts';

const RULE = '─'.repeat(80);
const look = (cli: string, text: string, meta: ScreenMeta = {}) =>
  agentCli(cli, { agents: {} }).look(parseScreen(text, meta));

describe('aider', () => {
  it.each([
    [`${RULE}\n>`, 'ready', ''],
    [`${RULE}\na.py b.py\nask> half a thought`, 'ready', 'half a thought'],
    [`${RULE}\narchitect multi> one\n. two`, 'ready', 'one\ntwo'],
    ['> go\n\nWaiting for claude-sonnet', 'busy', null],
    ['> go\n\nI will change a.py', 'unknown', null],
    ["Add a.py to the chat? (Y)es/(N)o/(D)on't ask again [Yes]:", 'waiting', null],
  ])('%j → %s', (text, state, draft) => {
    expect(look('aider', text)).toMatchObject({ state, input: { draft } });
  });

  it('works while its line editor does not read', () => {
    expect(look('aider', '> go\n\nI will change a.py', { lineEditor: false })).toMatchObject({ state: 'busy' });
    expect(look('aider', `${RULE}\n>`, { lineEditor: false }).state).toBe('busy');
  });

  it('offers the letters of its question', () => {
    const { waiting } = look('aider', 'Run shell command? (Y)es/(N)o/(S)kip all [No]:');
    expect(waiting).toEqual({
      kind: 'approve',
      text: 'Run shell command?',
      options: [
        { key: 'y Enter', label: 'Yes', selected: false },
        { key: 'n Enter', label: 'No', selected: true },
        { key: 's Enter', label: 'Skip all', selected: false },
      ],
      subject: null,
    });
  });
});

describe('shell', () => {
  it.each([
    [true, 'ready'],
    [false, 'busy'],
    [null, 'unknown'],
  ])('foreground %s → %s', (foregroundIsAgent, state) => {
    expect(look('shell', 'Do you want to proceed?\n$ ', { foregroundIsAgent })).toMatchObject({
      state,
      input: { draft: null },
    });
  });
});

it('aider reads a long line in no time', () => {
  const text = `${'word'.repeat(2000)}\n${'several words '.repeat(500)}`;
  expect(look('aider', text).state).toBe('unknown');
});
