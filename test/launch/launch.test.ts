import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentEnvironment, type Launch, launchArgv, writeLaunchFile } from '../../src/agents/launch.ts';
import { run } from '../../src/process/run.ts';
import { nodeFolder, root, start } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();

/** Says what it was given, on stdout, as JSON. */
const DUMP = `#!${join(nodeFolder, 'node')}
const { argv, env, pid, argv0 } = process;
process.stdout.write(JSON.stringify({ argv: argv.slice(2), env, pid, argv0 }));
`;

interface Dump {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
}

function dumpProgram(name = 'dump'): string {
  const file = join(world.bin, name);
  writeFileSync(file, DUMP);
  chmodSync(file, 0o755);
  return file;
}

let files = 0;

/** Launches under a shell and answers what came of it; the pane's own variables are `pane`. */
async function launch(shell: string, what: Launch, pane: Record<string, string> = {}) {
  const file = join(world.dir, `launch ${files++}`);
  writeLaunchFile(file, what);
  const argv = [shell, ...launchArgv(root, file).slice(1)];
  const running = start(argv, { cwd: world.repo, env: { PATH: '/usr/bin:/bin', ...pane } });
  return { file, pid: running.pid, ...(await running.result) };
}

/** Every character that a shell, printf or env gives a meaning, and those that shells use inside for markers. */
const ZOO: Readonly<Record<string, string>> = {
  EMPTY: '',
  EQUALS: '=a==b=',
  NEWLINES: '\nfirst\n\n  second\n\n\n',
  RETURNS: 'a\r\nb\r',
  BACKSLASHES: '\\ \\\\ \\n \\c end \\0101 \\',
  QUOTES: `it's "so" \`echo x\` $(echo y) \${HOME} $HOME !! #`,
  GLOBS: '* ? [a-z] ~ {a,b}',
  SPACES: '  leading,\ttabs\t and trailing  ',
  PERCENT: '%s %b %% %n',
  UNICODE: 'žluťoučký 😀 e\u0301 \u202eback 日本語 \u0081\u0082\u0088\u0098',
  CONTROLS: Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)).join(''),
  LATIN: Array.from({ length: 256 }, (_, i) => String.fromCharCode(0x80 + i)).join(''),
  'BASH_FUNC_x%%': '() { echo hello; }',
  'odd.name-1': 'x',
  _: 'underscore',
};

describe.each(['dash', 'bash', '/bin/sh'])('launch under %s', (shell) => {
  it('hands over exactly the environment and the arguments', async () => {
    const prompt = 'do "this"; then \\n that\n'.repeat(4500);
    const argv = [dumpProgram(), ...Object.values(ZOO), '-n', '--', '-', prompt, ''];
    const env = { ...ZOO, PATH: world.env['PATH'] ?? '', HOME: world.home };
    const result = await launch(shell, { argv, env, keepFromPane: [] });
    expect(result.stderr).toBe('');
    const dump = result.jsonAs<Dump>();
    expect(dump.argv).toEqual(argv.slice(1));
    expect(dump.env).toEqual(env);
    expect(dump.pid).toBe(result.pid);
    expect(existsSync(result.file)).toBe(false);
  });

  it('takes the terminal from the pane, and never TMUX, but where its socket is', async () => {
    const argv = [dumpProgram()];
    const env = { TERM: 'vt100', COLORTERM: 'truecolor', TMUX: 'mine', TMUX_PANE: '%1', TMUX_TMPDIR: '/t' };
    const pane = { TERM: 'tmux-256color', TERM_PROGRAM: 'tmux; echo "$HOME"\n', TMUX: '/tmp/x', TMUX_PANE: '%7' };
    const dump = (await launch(shell, { argv, env }, pane)).jsonAs<Dump>();
    expect(dump.env).toEqual({ TERM: pane.TERM, TERM_PROGRAM: pane.TERM_PROGRAM, PWD: world.repo, TMUX_TMPDIR: '/t' });
  });

  it('looks the program up on the new PATH', async () => {
    dumpProgram('only-here');
    const result = await launch(shell, { argv: ['only-here', 'x'], env: { PATH: world.bin }, keepFromPane: [] });
    expect(result.jsonAs<Dump>()).toMatchObject({ argv: ['x'], env: { PATH: world.bin } });
  });

  it('runs a program with = in its name', async () => {
    dumpProgram('a=b');
    const env = { PATH: world.bin, X: '1' };
    const result = await launch(shell, { argv: ['a=b', 'c=d', '-n'], env, keepFromPane: [] });
    expect(result.jsonAs<Dump>()).toMatchObject({ argv: ['c=d', '-n'], env, pid: result.pid });
    const path = join(world.bin, 'a=b');
    const byPath = await launch(shell, { argv: [path, 'c=d'], env, keepFromPane: [] });
    expect(byPath.jsonAs<Dump>()).toMatchObject({ argv: ['c=d'], env });
  });

  it('says which program is missing, with 127', async () => {
    const missing = await launch(shell, { argv: ['no-such-cli', 'x'], env: { PATH: world.bin } });
    expect(missing).toMatchObject({ exitCode: 127, stdout: '' });
    expect(missing.stderr).toBe(`\nswarm: 'no-such-cli' is not on the agent's PATH (${world.bin}).\n`);
    const path = join(world.bin, 'gone');
    const gone = await launch(shell, { argv: [path], env: {} });
    expect(gone).toMatchObject({ exitCode: 127, stderr: `\nswarm: the program '${path}' does not exist.\n` });
  });

  it('says that a launch file was used already', async () => {
    const used = await run([shell, join(root, 'bin', 'launch'), join(world.dir, 'used')]);
    expect(used).toMatchObject({ exitCode: 126, stdout: '' });
    expect(used.stderr).toContain('swarm restart');
  });

  it.runIf(process.platform === 'linux')('leaves signals as they were and no file open', async () => {
    const script = 'grep -E "^Sig(Ign|Blk)" /proc/self/status; ls /proc/self/fd';
    const bare = start(['/bin/sh', '-c', script], { cwd: world.repo, env: { PATH: '/usr/bin:/bin' } });
    const launched = await launch(shell, { argv: ['/bin/sh', '-c', script], env: { PATH: '/usr/bin:/bin' } });
    expect(launched.stdout).toBe((await bare.result).stdout);
  });
});

describe('the launch file', () => {
  it('is for its owner only and never written over another', () => {
    const file = join(world.dir, 'launch');
    writeLaunchFile(file, { argv: ['true'], env: {} });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => writeLaunchFile(file, { argv: ['false'], env: {} })).toThrow('EEXIST');
    expect(readFileSync(file, 'utf8')).toContain('\natrue\n');
    const other = join(world.dir, 'link');
    symlinkSync(join(world.dir, 'elsewhere'), other);
    expect(() => writeLaunchFile(other, { argv: ['false'], env: {} })).toThrow('EEXIST');
  });

  it('refuses what no program can be given', () => {
    const file = join(world.dir, 'launch');
    expect(() => writeLaunchFile(file, { argv: ['x', 'a\0b'], env: {} })).toThrow('NUL');
    expect(existsSync(file)).toBe(false);
  });
});

describe('agentEnvironment', () => {
  const swarm = { SWARM_BIN: '/state/bin/swarm', SWARM_AGENT: 'worker-2', PORT: '3001' };

  it("drops what is true of the caller's window only", () => {
    const base = {
      HOME: '/h',
      TMUX: 'x',
      TMUX_PANE: '%1',
      TMUX_TMPDIR: '/run/mine',
      PWD: '/a',
      OLDPWD: '/b',
      _: 'node',
      LINES: '5',
      COLUMNS: '9',
    };
    expect(agentEnvironment({ ...base, PATH: '/bin', GONE: undefined }, swarm)).toEqual({
      HOME: '/h',
      TMUX_TMPDIR: '/run/mine',
      PATH: '/state/bin:/bin',
      ...swarm,
    });
  });

  it("drops the repository that git's hooks and aliases have in theirs, and keeps what is set for all", () => {
    const mine = {
      GIT_CONFIG_GLOBAL: '/g',
      GIT_SSH_COMMAND: 'my ssh',
      GIT_AUTHOR_NAME: 'Me',
      GIT_EXTERNAL_DIFF: 'mine',
    };
    const theirs = { GIT_DIR: '/x', GIT_INDEX_FILE: '/x/index', GIT_PREFIX: 'sub/', GIT_REFLOG_ACTION: 'rebase' };
    const env = agentEnvironment({ PATH: '/bin', ...mine, ...theirs }, swarm);
    expect(env).toEqual({ PATH: '/state/bin:/bin', ...mine, ...swarm });
  });

  it("hands on settings but not another agent's identity", () => {
    const base = { PATH: '/state/bin:/bin', SWARM_AGENT: 'worker-1', SWARM_TICKET: 'old', SWARM_LOG_LEVEL: 'debug' };
    expect(agentEnvironment(base, swarm)).toEqual({ PATH: '/state/bin:/bin', SWARM_LOG_LEVEL: 'debug', ...swarm });
  });
});
