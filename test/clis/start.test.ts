import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentCli, agentCliNames, KNOWN_CLIS } from '../../src/agents/clis/index.ts';
import { mcpVariables } from '../../src/agents/clis/mcp.ts';
import type { StartOptions } from '../../src/agents/clis/types.ts';

const options: StartOptions = {
  prompt: null,
  model: null,
  args: [],
  agentDir: '/state/agents/a1',
  worktree: '/work tree',
  reportHook: '/opt/swarm/hooks/report',
  spool: '/state/agents/a1/events',
  swarmBin: '/state/bin/swarm',
  mcpVariables: ['SWARM_BIN', 'SWARM_TOKEN'],
  program: null,
  dialogsTrust: 'ask',
  repoRoot: '/repo',
  env: { SHELL: '/bin/zsh' },
};
const none = { agents: {} };
const cli = (name: string) => agentCli(name, none);
const ID = expect.stringMatching(/^[0-9a-f-]{36}$/);
const DASH = '-x "quoted" $(no)\nsecond line';

describe('command lines', () => {
  it('claude: settings, id, model, arguments, then the prompt after --', () => {
    const plan = cli('claude').start({ ...options, prompt: DASH, model: 'opus', args: ['--allowedTools', 'Bash'] });
    const file = join(options.agentDir, 'hooks', 'claude.json');
    const mcp = join(options.agentDir, 'mcp', 'claude.json');
    expect(plan.argv).toEqual([
      'claude',
      '--settings',
      file,
      `--mcp-config=${mcp}`,
      '--session-id',
      ID,
      '--model',
      'opus',
      '--allowedTools',
      'Bash',
      '--',
      DASH,
    ]);
    expect(plan).toMatchObject({ promptTaken: true, conversation: plan.argv[5] });
    expect(plan.files?.map(({ path }) => path)).toEqual([file, mcp]);
    expect(plan.env).toEqual({ SWARM_HOOK: options.reportHook, SWARM_SPOOL: options.spool });
  });

  it("claude: the user's own session and settings stay", () => {
    const plan = cli('claude').start({ ...options, args: ['--resume=abc', '--settings', 'mine.json'] });
    const mcp = join(options.agentDir, 'mcp', 'claude.json');
    expect(plan.argv).toEqual(['claude', `--mcp-config=${mcp}`, '--resume=abc', '--settings', 'mine.json']);
    expect(plan.conversation).toBe('abc');
    expect(plan.files?.map(({ path }) => path)).toEqual([mcp]);
  });

  it('codex: no daemon, notify through the environment, the prompt after --', () => {
    const plan = cli('codex').start({ ...options, prompt: DASH, program: '/usr/bin/codex' });
    const notify = 'notify=["/opt/swarm/hooks/report","","Notify"]';
    const mcp = ['command="/state/bin/swarm"', 'args=["mcp"]', 'env_vars=["SWARM_BIN","SWARM_TOKEN"]'];
    const server = mcp.flatMap((setting) => ['-c', `mcp_servers.swarm.${setting}`]);
    expect(plan.argv).toEqual(['/usr/bin/codex', '--no-daemon', '-c', notify, ...server, '--', DASH]);
    expect(plan).toMatchObject({ promptTaken: true, conversation: null });
  });

  it('gemini: the prompt is typed, since it starts itself again; its hooks come in as defaults', () => {
    const plan = cli('gemini').start({ ...options, prompt: DASH, dialogsTrust: 'accept' });
    expect(plan.argv).toEqual(['gemini', '--skip-trust']);
    expect(plan).toMatchObject({ promptTaken: false, conversation: 'latest' });
    expect(plan.env?.['GEMINI_CLI_SYSTEM_DEFAULTS_PATH']).toBe(plan.files?.[0]?.path);
  });

  it('gemini: a machine with defaults of its own keeps them', () => {
    const plan = cli('gemini').start({ ...options, env: { GEMINI_CLI_SYSTEM_DEFAULTS_PATH: '/etc/x.json' } });
    expect(plan.env).not.toHaveProperty('GEMINI_CLI_SYSTEM_DEFAULTS_PATH');
    expect(plan.files).toBeUndefined();
  });

  it('opencode: the prompt is one word', () => {
    expect(cli('opencode').start({ ...options, prompt: DASH, model: 'a/b' }).argv).toEqual([
      'opencode',
      '--model',
      'a/b',
      `--prompt=${DASH}`,
    ]);
  });

  it("aider: the prompt is typed, its history lies in the agent's folder", () => {
    const plan = cli('aider').start({ ...options, prompt: DASH });
    expect(plan.promptTaken).toBe(false);
    expect(plan.argv).not.toContain(DASH);
    expect(plan.conversation).toBe('/state/agents/a1/aider.chat.history.md');
  });

  it("shell: the user's shell", () => {
    expect(cli('shell').start({ ...options, args: ['-l'] }).argv).toEqual(['/bin/zsh', '-l']);
    expect(cli('shell').start({ ...options, env: {} }).argv).toEqual(['/bin/sh']);
  });

  it('scripted: this Node and the program that ships with swarm', () => {
    const plan = cli('scripted').start({ ...options, prompt: DASH });
    const main = expect.stringMatching(/\/dist\/agents\/scripted\/main\.js$/);
    expect(plan.argv).toEqual([process.execPath, main, '--session-id', ID, '--', DASH]);
  });

  it.each(['claude', 'codex', 'opencode', 'scripted'])('%s: a prompt over 100 kB is typed', (name) => {
    const fits = cli(name).start({ ...options, prompt: 'x'.repeat(100_000) });
    const over = cli(name).start({ ...options, prompt: 'ä'.repeat(50_001) });
    expect([fits.promptTaken, over.promptTaken]).toEqual([true, false]);
    expect(over.argv.every((arg) => arg.length < 1000)).toBe(true);
  });
});

describe('resume', () => {
  it.each([
    ['claude', ['--resume', 'id-1']],
    ['codex', ['resume', 'id-1']],
    ['gemini', ['--resume', 'id-1']],
    ['opencode', ['--session', 'id-1']],
    ['scripted', ['--resume', 'id-1']],
  ] as const)('%s', (name, words) => {
    const plan = cli(name).resume({ ...options, conversation: 'id-1' });
    expect(plan?.argv.join(' ')).toContain(words.join(' '));
    expect(plan).toMatchObject({ promptTaken: false, conversation: 'id-1' });
    expect(plan?.argv).not.toContain('--session-id');
  });

  it('aider restores its history, a shell has none', () => {
    expect(cli('aider').resume({ ...options, conversation: 'x' })?.argv).toContain('--restore-chat-history');
    expect(cli('shell').resume({ ...options, conversation: 'x' })).toBeNull();
  });
});

describe('hook settings', () => {
  it.each(['claude', 'gemini'])('%s: name variables and hold no path', (name) => {
    const content = cli(name).start(options).files?.[0]?.content ?? '';
    expect(content).toContain('SWARM_HOOK');
    expect(content).not.toContain('/opt/swarm');
    expect(content).not.toContain('/state');
  });

  it('gemini: hold no $NAME, which Gemini CLI would replace itself', () => {
    const { hooks } = JSON.parse(cli('gemini').start(options).files?.[0]?.content ?? '') as { hooks: object };
    expect(JSON.stringify(hooks)).not.toMatch(/\$\w|\$\{/);
  });
});

describe("swarm's MCP server", () => {
  const file = (name: string) => cli(name).start(options).files?.at(-1)?.content ?? '';

  it.each([
    ['claude', `$${'{SWARM_BIN}'}`, `$${'{SWARM_TOKEN}'}`],
    ['gemini', '$SWARM_BIN', '$SWARM_TOKEN'],
  ])('%s: is named in a file that holds no value of the environment', (name, command, token) => {
    expect(JSON.parse(file(name))).toMatchObject({
      mcpServers: { swarm: { command, args: ['mcp'], env: { SWARM_TOKEN: token } } },
    });
  });

  it('opencode: is named in its config', () => {
    const config = JSON.parse(cli('opencode').start(options).env?.['OPENCODE_CONFIG_CONTENT'] ?? '') as object;
    expect(config).toMatchObject({ mcp: { swarm: { type: 'local', command: ['/state/bin/swarm', 'mcp'] } } });
  });

  it('must see what tells who calls, and which state is meant', () => {
    const env = { SWARM_TOKEN: 't', SWARM_STATE_HOME: '/s', XDG_CONFIG_HOME: '/c', HOME: '/h', GITHUB_TOKEN: 'g' };
    expect(mcpVariables(env)).toEqual(['SWARM_STATE_HOME', 'SWARM_TOKEN', 'XDG_CONFIG_HOME']);
  });
});

describe('guards', () => {
  const GUARDED = ['!ls', '/help', '#note', '@file', '?'];
  it.each(['claude', 'codex', 'gemini', 'opencode', 'scripted'])(
    '%s: a space before what would be a command',
    (name) => {
      for (const text of GUARDED) {
        const guarded = cli(name).guard(text);
        expect(guarded.text).toBe(` ${text}`);
        expect(guarded.changed).toContain(`'${text.charAt(0)}'`);
      }
      for (const text of ['-x', ' /help', 'ls !', '"$(x)"'])
        expect(cli(name).guard(text)).toEqual({ text, changed: null });
    },
  );

  it.each([
    ['claude', 'a\\ '],
    ['gemini', 'a\\ '],
    ['scripted', 'a\\ '],
    ['codex', 'a\\'],
    ['opencode', 'a\\'],
    ['shell', 'a\\'],
  ])('%s: a trailing backslash', (name, text) => {
    expect(cli(name).guard('a\\').text).toBe(text);
  });

  it('codex: blank lines do not defuse a command', () => {
    expect(cli('codex').guard('\n /help').text).toBe(' /help');
    expect(cli('codex').guard('\nhelp').text).toBe('\nhelp');
  });

  it('shell: nothing is touched', () => {
    expect(cli('shell').guard('!ls')).toEqual({ text: '!ls', changed: null });
  });
});

describe('the registration', () => {
  it("lists known CLIs and config's", () => {
    expect(agentCliNames(none)).toEqual(['claude', 'codex', 'gemini', 'opencode', 'aider', 'shell', 'scripted']);
  });

  it('names the candidates for an unknown one', () => {
    expect(() => cli('cluade')).toThrowError(/knows no agent CLI 'cluade'.*claude, codex/);
    try {
      cli('cluade');
    } catch (error) {
      expect(error).toMatchObject({ exit: 2, code: 'UNKNOWN_AGENT_CLI', hint: 'Perhaps you mean: --agent claude' });
    }
  });

  it('gives tmux only words that it can look for', () => {
    for (const { dialogWords } of KNOWN_CLIS) {
      for (const word of dialogWords) {
        expect(word).not.toMatch(/[,{}#]/);
        expect(word.length).toBeLessThan(45);
      }
    }
  });
});
