import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { run } from '../../src/process/run.ts';
import { writeHostileHome, writePlainHome } from './hostile.ts';
import { endLeftovers } from './leaks.ts';
import { entry, nodeFolder, type Result, type Running, start } from './program.ts';
import { copyTemplate, SHARED_VARIABLE } from './template.ts';

export interface WorldOptions {
  /** Name of the repository's folder. Default: `app`. */
  readonly repoName?: string;
  /** Files of the one commit, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Content of a committed swarm.yaml. */
  readonly swarmYaml?: string;
  /** A path with a space and a quote in it, and a home whose git and tmux settings change every default. */
  readonly hostile?: boolean;
}

export interface CallOptions {
  /** Default: the repository. */
  readonly cwd?: string;
  /** Added to the world's environment; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

/** A machine of its own for one test: home, repository, state, tmux server. Nothing outside `dir` is touched. */
export interface World {
  readonly dir: string;
  readonly home: string;
  /** A repository with one commit on main. */
  readonly repo: string;
  /** For programs that the test wants found: first on the PATH. */
  readonly bin: string;
  /** `tmux -L` name. */
  readonly socket: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs swarm to its end. */
  swarm(args: readonly string[], options?: CallOptions): Promise<Result>;
  /** Starts swarm and returns at once: to watch it, to signal it, to kill it. */
  start(args: readonly string[], options?: CallOptions): Running;
  /** git's stdout; throws when it fails. Never signs. */
  git(args: readonly string[], cwd?: string): Promise<string>;
  tmux(args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Writes a file (relative: in the repository) with its folders; its path. */
  write(path: string, text: string): string;
  /** Ends the tmux server, removes the folder; throws when a process still runs after `grace` milliseconds. */
  dispose(grace?: number): Promise<void>;
}

/** Makes a world; the caller disposes of it. */
export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const prefix = options.hostile ? "swarm it's a " : 'swarm-';
  const dir = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  const paths = { dir, home: join(dir, 'home'), repo: join(dir, options.repoName ?? 'app'), bin: join(dir, 'bin') };
  for (const folder of [paths.home, paths.bin, join(dir, 'tmp')]) mkdirSync(folder);
  (options.hostile ? writeHostileHome : writePlainHome)(paths.home);
  await copyTemplate(paths.repo);
  const socket = `swarm-test-${process.pid}-${dir.slice(-6)}`;
  const world = worldOf(paths, socket);
  const files = { ...options.files, ...(options.swarmYaml === undefined ? {} : { 'swarm.yaml': options.swarmYaml }) };
  for (const [path, text] of Object.entries(files)) world.write(path, text);
  if (Object.keys(files).length > 0) {
    await world.git(['add', '--all', '--force']);
    await world.git(['commit', '--quiet', '--no-verify', '--amend', '--no-edit']);
  }
  return world;
}

function worldOf(paths: Pick<World, 'dir' | 'home' | 'repo' | 'bin'>, socket: string): World {
  const env = environment(paths, socket);
  const tmux = async (args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await run(['tmux', '-L', socket, ...args], { cwd: paths.dir, env });
    return { exitCode: exitCode ?? -1, stdout, stderr };
  };
  const startSwarm = (args: readonly string[], options: CallOptions = {}) =>
    start([join(nodeFolder, 'node'), entry, ...args], {
      cwd: options.cwd ?? paths.repo,
      env: merged(env, options.env),
      ...(options.input === undefined ? {} : { input: options.input }),
    });
  return {
    ...paths,
    socket,
    env,
    tmux,
    start: startSwarm,
    swarm: (args, options) => startSwarm(args, options).result,
    git: async (args, cwd = paths.repo) => {
      const plain = ['git', '-c', 'commit.gpgSign=false', '-c', 'tag.gpgSign=false', '-c', 'color.ui=false'];
      const { exitCode, stdout, stderr } = await run([...plain, ...args], { cwd, env });
      if (exitCode !== 0) throw new Error(`git ${args.join(' ')} (in ${cwd}) ended with ${exitCode}: ${stderr}`);
      return stdout;
    },
    write: (path, text) => {
      const file = resolve(paths.repo, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    dispose: async (grace) => {
      await tmux(['kill-server']);
      const left = await endLeftovers('SWARM_STATE_HOME', env['SWARM_STATE_HOME'] ?? '', grace);
      rmSync(join('/tmp', `tmux-${userInfo().uid}`, socket), { force: true });
      rmSync(paths.dir, { recursive: true, force: true, maxRetries: 3 });
      const problems = left.map((process) => `process left running: ${process}`);
      if (existsSync(paths.dir)) problems.push(`folder left: ${paths.dir}`);
      if (problems.length > 0) throw new Error(`the test left something behind:\n${problems.join('\n')}`);
    },
  };
}

/** Everything a child gets: nothing of the developer's own settings, agents or tmux. */
function environment(paths: Pick<World, 'dir' | 'home' | 'bin'>, socket: string): Record<string, string> {
  const search = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const coverage = process.env['NODE_V8_COVERAGE'];
  const shared = process.env[SHARED_VARIABLE];
  // Compiled code is shared by all worlds: it says nothing about them, and each would make it anew.
  const compiled = shared ? { NODE_COMPILE_CACHE: join(shared, 'compiled') } : {};
  return {
    ...(coverage ? { NODE_V8_COVERAGE: coverage } : compiled),
    PATH: [paths.bin, nodeFolder, ...search].join(delimiter),
    HOME: paths.home,
    XDG_CONFIG_HOME: join(paths.home, '.config'),
    XDG_STATE_HOME: join(paths.home, '.local', 'state'),
    XDG_CACHE_HOME: join(paths.home, '.cache'),
    XDG_DATA_HOME: join(paths.home, '.local', 'share'),
    SWARM_STATE_HOME: join(paths.dir, 'state'),
    SWARM_TMUX_SOCKET: socket,
    GIT_CONFIG_GLOBAL: join(paths.home, '.gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: paths.dir,
    TMPDIR: join(paths.dir, 'tmp'),
    USER: userInfo().username,
    LOGNAME: userInfo().username,
    SHELL: '/bin/sh',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}

function merged(env: Readonly<Record<string, string>>, more: CallOptions['env'] = {}): Record<string, string> {
  const all = Object.entries({ ...env, ...more });
  return Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
