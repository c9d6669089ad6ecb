import { describe, expect, it } from 'vitest';
import { chooseOption, plainYes } from '../../src/agents/approve/choose.ts';
import { agentCli } from '../../src/agents/clis/index.ts';
import { questionOf } from '../../src/agents/question.ts';
import { parseScreen } from '../../src/agents/screen.ts';
import type { UserError } from '../../src/lib/errors.ts';
import { recordedScreens } from './fixtures.ts';

const asked = recordedScreens().flatMap(({ name, cli, text }) => {
  const question = questionOf(agentCli(cli, { agents: {} }).look(parseScreen(text)));
  return question === null ? [] : [{ name, question }];
});

/** What is pressed for a plain yes. */
const YES: Readonly<Record<string, string>> = {
  'claude-permission-bash': '1',
  'claude-permission-mcp': '1',
  'claude-permission-write': '1',
  'codex-permission': 'y',
  'gemini-permission': '1',
  'gemini-permission-mcp': '1',
  'opencode-permission': 'Enter',
  'opencode-permission-wide': 'Enter',
};

describe('the plain yes', () => {
  it.each(asked)('$name', ({ name, question }) => {
    expect(plainYes(question)?.key).toBe(YES[name]);
  });

  it.each(['Yes, always', "Yes, and don't ask again", 'Allow for this session', 'Allow always', 'Yes to all'])(
    'is not: %s',
    (label) => {
      expect(plainYes({ kind: 'approve', options: [{ key: '1', label, selected: true }] })).toBeNull();
    },
  );

  it('is none where two would do', () => {
    const options = ['Yes', 'Allow once'].map((label, i) => ({ key: String(i), label, selected: i === 0 }));
    expect(plainYes({ kind: 'approve', options })).toBeNull();
  });
});

describe('an answer by a word', () => {
  const question = asked.find(({ name }) => name === 'codex-permission')?.question;
  const choose = (word: string) => question && chooseOption('worker-1', question, word).key;
  const refusal = (word: string) => {
    try {
      choose(word);
    } catch (error) {
      return (error as UserError).code;
    }
    return null;
  };

  it('takes a number, a key, a beginning', () => {
    expect([choose('1'), choose('3'), choose('p'), choose('no'), choose('Yes, proceed')]).toEqual([
      'y',
      'Escape',
      'p',
      'Escape',
      'y',
    ]);
  });

  it('refuses what fits several or none', () => {
    expect([refusal('yes'), refusal('4'), refusal('0'), refusal(''), refusal('maybe')]).toEqual([
      'AMBIGUOUS_OPTION',
      ...Array(4).fill('NO_SUCH_OPTION'),
    ]);
  });
});
