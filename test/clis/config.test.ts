import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentCli, agentCliNames } from '../../src/agents/clis/index.ts';
import { requireProgram } from '../../src/agents/clis/program.ts';
import type { StartOptions } from '../../src/agents/clis/types.ts';
import { parseScreen } from '../../src/agents/screen.ts';
import type { AgentCliConfig } from '../../src/config/types.ts';
import { useWorld } from '../support/world.ts';

const plain: AgentCliConfig = {
  command: null,
  args: [],
  env: {},
  prompt: null,
  paste: null,
  ready: null,
  input: null,
  busy: null,
  waiting: null,
  clear: null,
  resume: null,
};
const options: StartOptions = {
  prompt: 'fix it',
  model: null,
  args: [],
  agentDir: '/state/a1',
  worktree: '/tree',
  reportHook: '/hooks/report',
  spool: '/state/a1/events',
  swarmBin: '/bin/swarm',
  mcpVariables: [],
  program: null,
  dialogsTrust: 'ask',
  repoRoot: '/repo',
};
const bot = (changes: Partial<AgentCliConfig>) =>
  agentCli('mybot', { agents: { mybot: { ...plain, command: ['python3', 'bot.py'], ...changes } } });
const claudeWith = (changes: Partial<AgentCliConfig>) =>
  agentCli('claude', { agents: { claude: { ...plain, ...changes } } });

describe('a CLI from config', () => {
  it('gets its prompt typed when nothing says otherwise', () => {
    const plan = bot({ args: ['-v'], env: { FOO: 'bar' } }).start({ ...options, args: ['--fast'] });
    expect(plan).toEqual({
      argv: ['python3', 'bot.py', '-v', '--fast'],
      env: { FOO: 'bar' },
      promptTaken: false,
      conversation: null,
    });
  });

  it('gets whole arguments, never parts', () => {
    const command = ['bot', '--model', '{{model}}', '--id', '{{session}}', 'say {{prompt}}', '{{prompt}}'];
    const plan = bot({ command }).start({ ...options, model: 'big', prompt: '$(touch x) {{model}}' });
    expect(plan.argv).toEqual([
      'bot',
      '--model',
      'big',
      '--id',
      plan.conversation,
      'say {{prompt}}',
      '$(touch x) {{model}}',
    ]);
    expect(plan.promptTaken).toBe(true);
  });

  it('loses an option whose value is missing', () => {
    const command = ['bot', '--model', '{{model}}', '{{prompt}}', '-q'];
    expect(bot({ command }).start({ ...options, prompt: null }).argv).toEqual(['bot', '-q']);
  });

  it('gets its prompt as the last argument, or in a file', () => {
    expect(bot({ prompt: 'argument' }).start(options).argv.at(-1)).toBe('fix it');
    const filed = bot({ command: ['bot', '--file', '{{prompt_file}}'] }).start(options);
    expect(filed.files).toEqual([{ path: '/state/a1/prompts/first.txt', content: 'fix it' }]);
    expect(filed).toMatchObject({ argv: ['bot', '--file', '/state/a1/prompts/first.txt'], promptTaken: true });
  });

  it('is resumed by its own recipe only', () => {
    expect(bot({}).resume({ ...options, conversation: 'c' })).toBeNull();
    const resume = ['python3', 'bot.py', '--resume', '{{session}}'];
    const plan = bot({ resume }).resume({ ...options, conversation: 'c' });
    expect(plan).toMatchObject({ argv: ['python3', 'bot.py', '--resume', 'c'], promptTaken: false, conversation: 'c' });
  });

  it('gets exactly what was sent', () => {
    expect(bot({}).guard('!ls\\')).toEqual({ text: '!ls\\', changed: null });
  });

  it.each(['ready', 'input', 'busy', 'waiting'] as const)('names %s when it is no regular expression', (key) => {
    expect(() => bot({ [key]: '(' })).toThrowError(new RegExp(`agents\\.mybot\\.${key} is no regular expression`));
  });

  it('must say how it is started', () => {
    expect(() => bot({ command: null })).toThrowError(/agents\.mybot has no command/);
  });

  it('is listed', () => {
    expect(agentCliNames({ agents: { mybot: plain, claude: plain } })).toContain('mybot');
  });
});

describe('patterns', () => {
  const cli = bot({ ready: '❯', input: '^❯ (.*)$', busy: 'esc to interrupt', waiting: '\\(y/n\\)' });
  const look = (text: string) => cli.look(parseScreen(text));

  it.each([
    ['hello\n❯', 'ready', ''],
    ['hello\n❯ half a thought', 'ready', 'half a thought'],
    ['working (esc to interrupt)\n❯', 'busy', ''],
    ['overwrite? (y/n)\n❯', 'waiting', null],
    ['hello', 'unknown', null],
    ['', 'starting', null],
  ])('%j → %s', (text, state, draft) => {
    expect(look(text)).toMatchObject({ state, input: { draft } });
  });

  it('look at the last lines only', () => {
    expect(look(`overwrite? (y/n)\n${'x\n'.repeat(12)}❯`).state).toBe('ready');
  });

  it('without an input box there is no guard for drafts', () => {
    expect([cli.needsDraftGuard, bot({ ready: '>' }).needsDraftGuard]).toEqual([true, false]);
    expect(bot({ ready: '^> ?$' }).look(parseScreen('>'))).toMatchObject({ state: 'ready', input: { draft: null } });
  });

  it('without any, nothing is known', () => {
    expect(bot({}).look(parseScreen('>'))).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining("'ready'"),
    });
  });
});

describe('a known CLI with changes', () => {
  const rule = '─'.repeat(80);

  it('keeps its dialogs, whatever patterns say: Enter would answer them', () => {
    const dialog = `${rule}\n Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel`;
    const cli = claudeWith({ ready: '.', input: '(.*)' });
    expect(cli.look(parseScreen(dialog))).toMatchObject({ state: 'waiting', waiting: { kind: 'approve' } });
    expect(cli.look(parseScreen('hello', { foregroundIsAgent: false })).state).toBe('unknown');
    expect(cli.look(parseScreen('hello'))).toMatchObject({ state: 'ready', rule: 'config.ready' });
  });

  it('is resumed by the program of its recipe', () => {
    const found = { ...options, program: '/usr/bin/claude', conversation: 'c' };
    const other = claudeWith({ resume: ['back', '{{session}}'] });
    expect(other.resume(found)?.argv).toEqual(['back', 'c']);
    const same = claudeWith({ command: ['wrap'], resume: ['wrap', '-r', '{{session}}'] });
    expect(same.resume({ ...found, program: '/opt/wrap' })?.argv).toEqual(['/opt/wrap', '-r', 'c']);
  });

  it('gets arguments and environment', () => {
    const plan = claudeWith({ args: ['--permission-mode', 'plan'], env: { FOO: 'bar' } }).start({
      ...options,
      args: ['-n', 'x'],
    });
    expect(plan.argv.slice(-6)).toEqual(['--permission-mode', 'plan', '-n', 'x', '--', 'fix it']);
    expect(plan.env).toEqual({ SWARM_HOOK: '/hooks/report', SWARM_SPOOL: '/state/a1/events', FOO: 'bar' });
  });

  it('has its first prompt typed when config wants that', () => {
    const plan = claudeWith({ prompt: 'paste' }).start(options);
    expect(plan.promptTaken).toBe(false);
    expect(plan.argv).not.toContain('fix it');
    expect(claudeWith({}).start(options).promptTaken).toBe(true);
  });

  it('can be another program, or another command line', () => {
    const wrapped = claudeWith({ command: ['/opt/claude', '--wrap'] });
    expect(wrapped.programs).toEqual(['/opt/claude']);
    expect(wrapped.start(options).argv.slice(0, 3)).toEqual(['/opt/claude', '--wrap', '--settings']);
    expect(claudeWith({ command: ['c', '{{prompt}}'] }).start(options).argv).toEqual(['c', 'fix it']);
  });

  it("asks config's patterns first, then its own", () => {
    const cli = claudeWith({ waiting: 'license' });
    expect(cli.look(parseScreen('accept the license'))).toMatchObject({ state: 'waiting', rule: 'config.waiting' });
    expect(cli.look(parseScreen(`${rule}\n❯\n${rule}`))).toMatchObject({ state: 'ready', rule: 'box' });
  });
});

describe('programs', () => {
  const world = useWorld();

  it("are found on the agent's PATH, not on ours", () => {
    const file = world.write(join(world.bin, 'claude'), '#!/bin/sh\n');
    const cli = agentCli('claude', { agents: {} });
    expect(() => requireProgram(cli, { PATH: world.bin }, world.repo)).toThrowError("'claude' is not on the PATH");
    chmodSync(file, 0o755);
    expect(requireProgram(cli, { PATH: `${world.repo}:${world.bin}` }, world.repo)).toBe(file);
  });

  it('with a path are those of the main worktree, where their config was read, wherever swarm is called', () => {
    const file = world.write('tools/bot', '#!/bin/sh\n');
    chmodSync(file, 0o755);
    expect(requireProgram(bot({ command: ['./tools/bot'] }), { PATH: '' }, world.repo)).toBe(file);
    expect(() => requireProgram(bot({ command: ['./tools/bot'] }), { PATH: '' }, world.dir)).toThrowError('tools/bot');
  });

  it('that are missing give exit 5 and the install line', () => {
    try {
      requireProgram(agentCli('codex', { agents: {} }), { PATH: world.bin }, world.repo);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ exit: 5, hint: 'npm install -g @openai/codex' });
    }
  });

  it('of the shell come from SHELL', () => {
    const shell = agentCli('shell', { agents: {} });
    expect(requireProgram(shell, { SHELL: '/bin/sh', PATH: '' }, world.repo)).toBe('/bin/sh');
    expect(requireProgram(shell, { SHELL: '/no/such/shell', PATH: '' }, world.repo)).toBe('/bin/sh');
  });
});
