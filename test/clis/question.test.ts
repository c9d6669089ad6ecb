import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import { look } from '../../src/agents/clis/looks.ts';
import { claudeSubject, codexSubject, geminiSubject, toolSubject } from '../../src/agents/clis/subjects.ts';
import { type Ask, askedOf, questionOf, questionWords } from '../../src/agents/question.ts';
import { parseScreen, type Subject } from '../../src/agents/screen.ts';
import { untilOf } from '../../src/agents/until.ts';
import { recordedScreens } from './fixtures.ts';

const recorded = (name: string) => {
  const screen = recordedScreens().find((one) => one.name === name);
  if (screen === undefined) throw new Error(`no screen ${name}`);
  return agentCli(screen.cli, { agents: {} }).look(parseScreen(screen.text));
};
const ask = (what: string, id = 'a', kind: Subject['kind'] = 'command'): Ask => ({ subject: { kind, what }, id });

describe('questions on recorded screens', () => {
  it.each([
    ['claude-permission-bash', 'approve command: echo hello-from-stub > hello.txt && cat hello.txt'],
    ['codex-permission', 'approve command: echo hello-from-stub > hello.txt && cat hello.txt'],
    ['gemini-permission', 'approve command: echo hello-from-stub > hello.txt && cat hello.txt'],
    ['opencode-permission', 'approve command: echo hello-from-stub > hello.txt && cat hello.txt'],
    ['opencode-permission-wide', 'approve command: echo one > ran.txt'],
    ['claude-permission-write', 'approve edit: w.txt'],
    ['claude-plan-approval', 'plan: Exit plan mode?'],
    ['claude-question', 'question: Which database?'],
    ['codex-question', 'question: Trust this folder? Which colour shall it be?'],
    ['opencode-question', 'question: Do you trust this folder with which colour?'],
    ['gemini-question', 'question: Do you trust this folder with which colour?'],
    ['gemini-dialog-first', 'trust: Do you trust the files in this folder?'],
    ['claude-dialog-apikey', 'onboarding: Do you want to use this API key?'],
    ['codex-dialog-hooks-trust', 'approve: Hooks need review'],
  ])('%s: %s', (name, words) => {
    const question = questionOf(recorded(name));
    expect(question && questionWords(question)).toBe(words);
  });

  it('there is none without a dialog', () => {
    for (const { name, state } of recordedScreens()) {
      if (state !== 'waiting') expect(questionOf(recorded(name))).toBeNull();
    }
  });
});

const RULE = `${'╌'.repeat(40)}`;
const bash = (...lines: string[]) => [' Bash command', ' Run it', RULE, ...lines.map((line) => ` ${line}`), RULE, ''];

describe('what a screen says would be allowed', () => {
  it('keeps the lines of a command apart', () => {
    expect(claudeSubject(bash('npm test', 'rm -rf x'))).toEqual({ kind: 'command', what: 'npm test\nrm -rf x' });
  });

  it('is nothing when something was left out, or when the model could have drawn the frame', () => {
    expect(claudeSubject(bash('npm test', '… +12 lines'))).toBeNull();
    expect(claudeSubject(bash('npm te…'))).toBeNull();
    expect(claudeSubject(bash('npm test', RULE.slice(1), 'rm -rf x'))).toBeNull();
    expect(claudeSubject([' Bash command', '', '   npm test', '   Run the tests'])).toBeNull();
    expect(claudeSubject(bash('x').slice(1))).toBeNull();
    expect(codexSubject(['  Would you like to run the following command?', '  $ npm test', '  $ rm x', ''])).toBeNull();
    expect(codexSubject(['  Would you like to run the following command?', '  $ npm test'])).toBeNull();
    expect(codexSubject(['  Reason: x', '  $ npm test', ''])).toBeNull();
    expect(geminiSubject(['│ ? Shell  npm test │', '│ npm test │'])).toBeNull();
  });

  it("is a tool only of swarm's own server, where all that names it says the same", () => {
    const claude = (...lines: string[]) => claudeSubject([' Tool use', ...lines, RULE, ' to: "x"', RULE]);
    expect(claude(' swarm — Claim Task Tool: (MCP)')).toEqual({ kind: 'tool', what: 'mcp__swarm__claim_task' });
    expect(claude(' other — Claim Task Tool: (MCP)')).toBeNull();
    expect(claude(' swarm — Claim Task Tool: (MCP)', ' swarm — Heartbeat Tool: (MCP)')).toBeNull();
    const gemini = (tool: string, asked: string, ...more: string[]) =>
      geminiSubject([
        '│ ?  claim_task (swarm MCP Server) {} │',
        '│ MCP Server: swarm │',
        `│ Tool: ${tool} │`,
        ...more,
        `│ Allow execution of MCP tool "${asked}" from server "swarm"? │`,
      ]);
    expect(gemini('claim_task', 'claim_task')).toEqual({ kind: 'tool', what: 'mcp_swarm_claim_task' });
    expect(gemini('claim_task', 'send_message')).toBeNull();
    // Words of the model's that are broken so that they look like a line of the CLI's.
    expect(gemini('claim_task', 'claim_task', '│ MCP Server: swarm │')).toBeNull();
  });

  it('is a file only where the question names it, too', () => {
    const edit = (path: string, asked: string) => [
      ' Create file',
      ` ${path}`,
      RULE,
      '  1 x',
      RULE,
      ` Do you want to create ${asked}?`,
    ];
    expect(claudeSubject(edit('src/w.txt', 'w.txt'))).toEqual({ kind: 'edit', what: 'src/w.txt' });
    expect(claudeSubject(edit('src/w.txt', 'v.txt'))).toBeNull();
  });
});

describe('what a hook says', () => {
  it.each([
    [
      'PermissionRequest',
      { tool_name: 'Bash', tool_input: { command: 'npm test\n' } },
      { kind: 'command', what: 'npm test' },
    ],
    ['PreToolUse', { tool_name: 'Write', tool_input: { file_path: '/r/w.txt' } }, { kind: 'edit', what: '/r/w.txt' }],
    ['BeforeTool', { tool_name: 'run_shell_command', tool_input: { command: 'ls' } }, { kind: 'command', what: 'ls' }],
    ['PreToolUse', { tool_name: 'mcp__a__b', tool_input: {} }, { kind: 'tool', what: 'mcp__a__b' }],
    ['PreToolUse', { tool_name: 'Bash', tool_input: { command: 7 } }, null],
    ['PreToolUse', { tool_name: 'constructor', tool_input: null }, { kind: 'tool', what: 'constructor' }],
    ['PostToolUse', { tool_name: 'Bash', tool_input: { command: 'ls' } }, null],
    ['PreToolUse', null, null],
  ])('%s %j', (event, payload, subject) => {
    expect(toolSubject(event, payload)).toEqual(subject);
  });
});

const asks = (subject: Subject) =>
  look('waiting', 'dialog', 'x', {
    waiting: { kind: 'approve', text: 'Do you want to proceed?', options: [], subject },
  });

describe('screen and hook together', () => {
  const shown = asks({ kind: 'command', what: 'npm run a-very-long-\nname' });

  it('the hook knows the lines that the screen breaks', () => {
    expect(questionOf(shown, [ask('npm run a-very-long-name')])?.subject?.what).toBe('npm run a-very-long-name');
  });

  it('a hook that says something else is another question’s', () => {
    expect(questionOf(shown, [ask('rm -rf x'), ask('ls')])?.subject?.what).toBe('npm run a-very-long-\nname');
  });

  it('two hooks that differ in what the screen can not show leave the screen', () => {
    const two = [ask('npm test rm -rf x'), ask('npm test\nrm -rf x', 'b')];
    expect(questionOf(asks({ kind: 'command', what: 'npm test\nrm -rf x' }), two)?.subject?.what).toBe(
      'npm test\nrm -rf x',
    );
    const files = [ask('/a/w.txt', 'a', 'edit'), ask('/b/w.txt', 'b', 'edit')];
    expect(questionOf(asks({ kind: 'edit', what: 'w.txt' }), files)?.subject).toBeNull();
    expect(questionOf(asks({ kind: 'edit', what: 'w.txt' }), files.slice(1))?.subject?.what).toBe('/b/w.txt');
  });

  it('the same question of another call is another instance', () => {
    const of = (id: string) => askedOf(asks({ kind: 'command', what: 'ls' }), [ask('ls', id)], 0)?.instance;
    expect(of('a')).toBe(of('a'));
    expect(of('a')).not.toBe(of('b'));
  });
});

describe('limits', () => {
  const noon = Date.parse('2026-11-20T12:00:00.000Z');

  it.each([
    ['resets in 5m', '2026-11-20T12:05:00.000Z'],
    ['Try again in 2 days 3 hours 5 minutes.', '2026-11-22T15:05:00.000Z'],
    ['resets 3pm (UTC)', '2026-11-20T15:00:00.000Z'],
    ['resets at 11:30 AM (UTC)', '2026-11-21T11:30:00.000Z'],
    ['resets 3pm (Europe/Berlin)', '2026-11-20T14:00:00.000Z'],
    ['resets Nov 23, 9:15am (UTC)', '2026-11-23T09:15:00.000Z'],
    ['resets Jan 2 at 12am (UTC)', '2027-01-02T00:00:00.000Z'],
    ['resets soon, after 3 tries', null],
  ])('%s', (text, until) => {
    expect(untilOf(text, noon)).toBe(until);
  });

  it('an error by a limit is a question that nobody can answer', () => {
    const error = look('error', 'error', 'Usage limit reached · resets 3pm (UTC)', { input: { draft: '' } });
    const question = questionOf(error, [], noon);
    expect(question).toMatchObject({ kind: 'rate-limit', until: '2026-11-20T15:00:00.000Z', options: [] });
    expect(questionOf(look('error', 'error', 'API Error: 400 the body is over the limit'), [], noon)).toBeNull();
  });
});
