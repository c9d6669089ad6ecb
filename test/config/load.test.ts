import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, sourceOf } from '../../src/config/load.ts';
import type { LoadedConfig } from '../../src/config/types.ts';
import { UserError } from '../../src/lib/errors.ts';

let dir: string;
let root: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'swarm-config-'));
  root = join(dir, 'repo');
  mkdirSync(root);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

function load(tracked: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<LoadedConfig> {
  return loadConfig({
    repo: { root, bare: false },
    env: { HOME: join(dir, 'home'), ...env },
    isTracked: async (path) => tracked.includes(path),
  });
}

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`expected a refusal, got ${String(error)}`);
  expect(error.exit).toBe(2);
  return error;
}

describe('without any file', () => {
  test('the defaults hold', async () => {
    const { config, sources, files } = await load();
    expect(config.agent).toBe('claude');
    expect(config.ports).toEqual({ from: 3000, to: 3999, names: ['PORT'] });
    expect(config.hooks).toMatchObject({ postCreate: [], timeout: 600_000 });
    expect(config.limits).toEqual({ agents: 3, idleTimeout: 300_000, taskTimeout: 1_800_000 });
    expect([sources.size, files.length]).toEqual([0, 0]);
  });
});

describe('layers', () => {
  test('the later wins, key by key, and the source says where', async () => {
    write('home/.config/swarm/config.yaml', 'agent: codex\nlimits:\n  agents: 5\n  idle_timeout: 1m\n');
    write(
      'repo/swarm.yaml',
      'version: 1\nlimits:\n  agents: 7\nhooks:\n  post_create:\n    - npm ci\n    - |\n      a\n      b\n',
    );
    write('repo/swarm.local.yaml', 'hooks: { timeout: 2m }\n');
    const loaded = await load(['swarm.yaml'], { SWARM_LIMITS_TASK_TIMEOUT: '90s' });
    expect(loaded.config.agent).toBe('codex');
    expect(loaded.config.limits).toEqual({ agents: 7, idleTimeout: 60_000, taskTimeout: 90_000 });
    expect(loaded.config.hooks).toMatchObject({ postCreate: ['npm ci', 'a\nb\n'], timeout: 120_000 });
    expect(sourceOf(loaded, 'limits.agents')).toEqual({
      layer: 'team',
      file: join(root, 'swarm.yaml'),
      line: 3,
      trusted: false,
    });
    expect(sourceOf(loaded, 'hooks.post_create.1')).toMatchObject({ line: 7, trusted: false });
    expect(sourceOf(loaded, 'hooks.timeout')).toMatchObject({ layer: 'local', line: 1, trusted: true });
    expect(sourceOf(loaded, 'limits.idle_timeout')).toMatchObject({ layer: 'user', line: 4, trusted: true });
    expect(sourceOf(loaded, 'limits.task_timeout')).toMatchObject({ layer: 'env', file: 'SWARM_LIMITS_TASK_TIMEOUT' });
    expect(sourceOf(loaded, 'ports.range')).toMatchObject({ layer: 'default', trusted: true });
  });

  test('agents merge by name and key, other lists are replaced, an empty section says nothing, null can be said', async () => {
    write(
      'repo/swarm.yaml',
      'agents:\n  claude: {args: [a, b], env: {X: "1"}}\nfiles: {copy: [.env, .env2]}\ndev: {command: npm start}\n',
    );
    write(
      'repo/swarm.local.yaml',
      'agents:\n  claude: {args: [c]}\n  mine: {command: [x]}\nfiles: {copy: [.env3], link:}\nhooks:\ndev: {command: null}\n',
    );
    const loaded = await load(['swarm.yaml']);
    expect(loaded.config.agents['claude']).toMatchObject({ args: ['c'], env: { X: '1' }, command: null });
    expect(loaded.config.agents['mine']?.command).toEqual(['x']);
    expect(loaded.config.files).toEqual({ copy: ['.env3'], exclude: [], link: [] });
    expect(loaded.config.dev.command).toBeNull();
    expect(sourceOf(loaded, 'agents.claude.env').trusted).toBe(false);
    expect(sourceOf(loaded, 'agents.claude.args').trusted).toBe(true);
    expect(sourceOf(loaded, 'files.copy.1').layer).toBe('local');
  });

  test('a local file that git tracks is not trusted', async () => {
    write('repo/swarm.local.yaml', 'dev: {command: ./x}\n');
    expect(sourceOf(await load(['swarm.local.yaml']), 'dev.command').trusted).toBe(false);
    expect(sourceOf(await load(), 'dev.command').trusted).toBe(true);
  });

  test('in a bare repository the team file comes from the default branch, untrusted', async () => {
    const loaded = await loadConfig({
      repo: { root, bare: true },
      env: { HOME: dir },
      isTracked: async () => false,
      readTeamFile: async () => 'dev: {command: ./x}',
    });
    expect(sourceOf(loaded, 'dev.command')).toMatchObject({ layer: 'team', line: 1, trusted: false });
  });
});

describe('the environment', () => {
  test('sets any key: texts, numbers, lists, booleans, null', async () => {
    write('repo/swarm.yaml', 'worktrees: {base: dev}\n');
    const { config } = await load([], {
      SWARM_WORKTREES_DIR: '~/trees/{{repo}}',
      SWARM_WORKTREES_BASE: 'null',
      SWARM_LIMITS_AGENTS: '9',
      SWARM_PORTS_RANGE: '4000-4010',
      SWARM_PORTS_NAMES: '[PORT, API_PORT]',
      SWARM_HOOKS_POST_CREATE: 'echo: hi, there',
      SWARM_NOTIFY_BELL: 'false',
      SWARM_BUDGET_DEFAULT: '5000',
      SWARM_AGENTS: '{bot: {command: [bot]}}',
      SWARM_AGENT: 'worker-1',
      SWARM_TMUX_SOCKET: 'sock',
      SWARM_TMUX_SESSION: '12',
      SWARM_LOG_LEVEL: 'debug',
      SWARM_DEV_COMMAND: '',
      DATABASE_URL: 'postgres://here/db',
    });
    expect(config.worktrees).toMatchObject({ dir: `${join(dir, 'home')}/trees/{{repo}}`, base: null });
    expect(config.limits.agents).toBe(9);
    expect(config.ports).toEqual({ from: 4000, to: 4010, names: ['PORT', 'API_PORT'] });
    expect(config.hooks.postCreate).toEqual(['echo: hi, there']);
    expect(config).toMatchObject({ agent: 'claude', notify: { bell: false }, budget: { default: 5000 } });
    expect(config.agents['bot']?.command).toEqual(['bot']);
    expect(config.tmux.session).toBe('12');
    expect(config.store).toBe('postgres://here/db');
  });

  test('SWARM_DATABASE_URL wins, another program’s DATABASE_URL is none of ours', async () => {
    const urls = { SWARM_DATABASE_URL: 'postgresql://a/b', DATABASE_URL: 'postgres://c/d' };
    expect((await load([], urls)).config.store).toBe('postgresql://a/b');
    expect((await load([], { DATABASE_URL: 'mysql://c/d' })).config.store).toBeNull();
  });

  test('a mistaken variable is told by its name', async () => {
    const { message } = await refusal(load([], { SWARM_LIMITS_AGENT: '3', SWARM_LIMITS_IDLE_TIMEOUT: 'soon' }));
    expect(message).toContain('SWARM_LIMITS_AGENT names no key of swarm.yaml; did you mean SWARM_LIMITS_AGENTS?');
    expect(message).toContain('SWARM_LIMITS_IDLE_TIMEOUT: limits.idle_timeout: expected a duration');
    expect(message).toContain("found 'soon'");
  });
});

describe('what is wrong is told with its file and line', () => {
  test.each([
    ['limits:\n  agent: 3\n', ":2: unknown key 'limits.agent'; did you mean 'limits.agents'?"],
    ['# x\npost_create: [npm ci]\n', ":2: unknown key 'post_create'; did you mean 'hooks.post_create'?"],
    ['agents:\n  bot:\n    comand: [x]\n', ":3: unknown key 'agents.bot.comand'; did you mean 'agents.bot.command'?"],
    ['tmux:\n  panes:\n    - {command: x}\n    - {commnd: x}\n', ":4: unknown key 'tmux.panes.1.commnd'"],
    ['hook:\n', ":1: unknown key 'hook'; did you mean 'hooks'?"],
    ['limits:\n  agents: many\n', ":2: limits.agents: expected a whole number from 1 to 50, found 'many'"],
    ['limits:\n  agents: 51\n', ':2: limits.agents: expected a whole number from 1 to 50, found 51'],
    ['agent:\n', ':1: agent: expected the name of an agent CLI, found nothing'],
    [
      'hooks:\n  post_create: npm ci\n',
      ":2: hooks.post_create: expected a list of command lines, each a text, found 'npm ci'",
    ],
    [
      'hooks:\n  post_create:\n    - a\n    - {b: c}\n',
      ':4: hooks.post_create.1: expected a command line, found a map (b)',
    ],
    ['hooks: []\n', ':1: hooks: expected a section with keys below it, found a list of 0'],
    ['hooks: {timeout: 10}\n', ':1: hooks.timeout: expected a duration'],
    ['hooks: {timeout: 0s}\n', 'more than 0'],
    ['ports: {range: 3000}\n', ':1: ports.range: expected a range of ports as 3000-3999, from 1 to 65535, found 3000'],
    ['ports: {range: 4000-3000}\n', 'ports.range: expected a range'],
    ['ports: {range: 60000-70000}\n', 'ports.range: expected a range'],
    ['ports: {names: [PATH]}\n', 'ports.names.0: expected the name of an environment variable'],
    // A relative home or configuration folder would be one in the repository.
    ['ports: {names: [HOME]}\n', 'ports.names.0: expected the name of an environment variable with PORT in it'],
    ['agents: {shell: {clear: [reboot, Enter]}}\n', 'agents.shell.clear.0: expected a key that only edits'],
    ['agents: {shell: {clear: [Up, C-m]}}\n', 'agents.shell.clear.1: expected a key that only edits'],
    ['files:\n  link: [../secret]\n', ':2: files.link.0: expected a path or pattern inside the repository'],
    ['files: {copy: [/etc/passwd]}\n', 'files.copy.0: expected a path'],
    ['supervisor: {mirror: a/../../b}\n', 'supervisor.mirror: expected a path'],
    ["tmux: {window: '#(touch x)'}\n", 'tmux.window: expected'],
    [
      "worktrees: {branch: '{{tiket}}'}\n",
      'worktrees.branch: expected a text whose variables are of {{ticket}}, {{agent}}',
    ],
    ["agents: {x: {ready: '('}}\n", 'agents.x.ready: expected a regular expression'],
    ["agents: {x: {args: ['--p={{prompt}}']}}\n", 'agents.x.args.0: expected an argument'],
    ["agents: {'../x': {}}\n", "'agents.../x': expected a name of letters"],
    ['agents: {x: {command: []}}\n', 'agents.x.command: expected a command as a list of its words'],
    ['merge: {strategy: octopus}\n', "merge.strategy: expected one of squash, merge, rebase, ff, found 'octopus'"],
    ['store: mysql://x\n', 'store: expected a PostgreSQL URL'],
    ['version: 2\n', ':1: version: expected 1, the only version there is, found 2'],
    ['- a\n', ':1: expected keys and values, found a list of 1'],
    ['agent: a\nagent: b\n', ':2: this is not YAML: Map keys must be unique'],
    ['a: [\n', 'this is not YAML'],
    ['agent: a\n\tb: c\n', ':2: this is not YAML'],
    ['agent: !!js x\n', ':1: this is not YAML'],
    ['agent: a\n---\nagent: b\n', 'this is not YAML'],
  ])('%j', async (text, expected) => {
    write('repo/swarm.yaml', text);
    const { message } = await refusal(load());
    expect(message).toContain(join(root, 'swarm.yaml'));
    expect(message).toContain(expected);
  });

  test('all of it at once, over all files, and for programs', async () => {
    write('repo/swarm.yaml', 'agnt: x\nlimits: {agents: 0}\n');
    write('repo/swarm.local.yaml', 'stor: x\n');
    const error = await refusal(load());
    expect(error.message.split('\n')).toHaveLength(3);
    expect(error.code).toBe('BAD_CONFIG');
    expect(error.details['problems']).toContainEqual({
      file: join(root, 'swarm.local.yaml'),
      line: 1,
      key: 'stor',
      message: "unknown key 'stor'; did you mean 'store'?",
      hint: 'store',
    });
  });

  test('__proto__ is a key like any other: unknown', async () => {
    write('repo/swarm.yaml', '__proto__: {agent: x}\n');
    expect((await refusal(load())).message).toContain("unknown key '__proto__'");
  });

  test('aliases that explode are refused, others work', async () => {
    write('repo/swarm.yaml', 'hooks:\n  post_create: &a [x]\n  pre_remove: *a\n');
    expect((await load()).config.hooks.preRemove).toEqual(['x']);
    const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`);
    write('repo/swarm.yaml', `a0: &a0 [x]\n${levels.join('\n')}\n`);
    expect((await refusal(load())).message).toContain('Excessive alias count');
    write('repo/swarm.yaml', 'agent: *nobody\n');
    expect((await refusal(load())).message).toContain('this is not YAML: Unresolved alias');
  });
});

describe('links', () => {
  test('out of the repository: the team file is refused', async () => {
    write('elsewhere.yaml', 'agent: evil\n');
    symlinkSync('../elsewhere.yaml', join(root, 'swarm.yaml'));
    expect((await refusal(load(['swarm.yaml']))).message).toContain('link out of the repository');
    expect((await refusal(load())).message).toContain('link out of the repository');
  });

  test('inside the repository: read, never trusted as the team’s', async () => {
    write('repo/config/swarm.yaml', 'dev: {command: ./x}\n');
    symlinkSync('config/swarm.yaml', join(root, 'swarm.yaml'));
    expect(sourceOf(await load(), 'dev.command').trusted).toBe(false);
  });

  test('the user’s own local file may be linked from anywhere, unless git tracks the link', async () => {
    write('dotfiles.yaml', 'dev: {command: ./x}\n');
    symlinkSync('../dotfiles.yaml', join(root, 'swarm.local.yaml'));
    expect(sourceOf(await load(), 'dev.command').trusted).toBe(true);
    await refusal(load(['swarm.local.yaml']));
  });

  test('to nothing, or a folder: told', async () => {
    symlinkSync('nowhere', join(root, 'swarm.yaml'));
    expect((await refusal(load())).message).toContain("can't be read");
    rmSync(join(root, 'swarm.yaml'));
    mkdirSync(join(root, 'swarm.yaml'));
    expect((await refusal(load())).message).toContain('no regular file');
  });
});
