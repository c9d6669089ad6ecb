import { exit, UserError } from '../lib/errors.ts';
import { missingProgram, run } from '../process/run.ts';
import { argument } from './words.ts';

export interface TmuxOptions {
  /** `tmux -L` name (or a path, for `-S`); null: the default server. */
  readonly socket: string | null;
  /** The caller's environment. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How a call went. `problem` tells what can be expected to happen from what can't. */
export interface TmuxResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly problem: null | 'no-server' | 'no-target' | 'failed';
}

/** Speaks to one tmux server. */
export interface TmuxClient {
  readonly socket: string | null;
  readonly env: NodeJS.ProcessEnv;
  /** The program and the options that name the server: what a person's terminal would run goes after it. */
  readonly argv: readonly string[];
  /** Runs several commands in one process, in order, each an argv. The first that fails ends it. */
  try(commands: readonly (readonly string[])[], input?: string): Promise<TmuxResult>;
  /** Like `try`; answers stdout and throws what went wrong. */
  chain(commands: readonly (readonly string[])[], input?: string): Promise<string>;
  /** One command. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** Many commands (each one line of tmux's own language) that don't stop each other, and that may run twice. */
  script(lines: readonly string[]): Promise<TmuxResult>;
}

/** The oldest tmux that has what swarm uses (`list-panes -f`, `source-file -`). */
const OLDEST = [3, 2] as const;
const INSTALL = 'Install it, say: sudo apt-get install tmux   (macOS: brew install tmux)';

export function tmuxClient(options: TmuxOptions): TmuxClient {
  const env = options.env ?? process.env;
  const { socket } = options;
  const server = socket?.includes('/') ? ['-S', socket] : ['-L', socket ?? 'default'];
  // -u: what we read is UTF-8, whatever the caller's locale says.
  const argv = ['tmux', '-u', ...server];
  const call = async (args: readonly string[], input?: string): Promise<TmuxResult> => {
    const result = await run([...argv, ...args], {
      env: serverEnvironment(env),
      ...(input === undefined ? {} : { input }),
    });
    if (result.missing) throw missingProgram('tmux', INSTALL);
    const { stdout, stderr } = result;
    return { stdout, stderr, problem: result.exitCode === 0 ? null : problemOf(stderr) };
  };
  return withChains({
    socket,
    env,
    argv,
    try: (commands, input) =>
      call(
        commands.flatMap((words, i) => (i ? [';', ...words.map(argument)] : words.map(argument))),
        input,
      ),
    script: (lines) => call(['source-file', '-'], lines.map((line) => `${line}\n`).join('')),
  });
}

/** Completes a client whose `try` is given. */
export function withChains(client: Omit<TmuxClient, 'chain' | 'run'>): TmuxClient {
  const chain: TmuxClient['chain'] = async (commands, input) => {
    const result = await client.try(commands, input);
    if (result.problem !== null) throw failure(commands, result);
    return result.stdout;
  };
  return { ...client, chain, run: (args, input) => chain([args], input) };
}

/** Lines of an answer, without the empty one at its end. */
export function lines(stdout: string): string[] {
  return stdout === '' ? [] : stdout.replace(/\n$/, '').split('\n');
}

/** The caller's environment without what would stay in a server that this call happens to start, or confuse its targets. */
function serverEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(TMUX(_PANE)?$|SWARM_)/.test(name)));
}

/** What a message of tmux says went wrong. */
export function problemOf(stderr: string): TmuxResult['problem'] {
  const gone =
    /no server running|server exited unexpectedly|lost server|error connecting to .*\((No such file|Connection refused)/;
  if (gone.test(stderr)) return 'no-server';
  if (/can't find|no such (window|pane|session)|no current target|no current (client|session)|no sessions/.test(stderr))
    return 'no-target';
  return 'failed';
}

/** What went wrong, for people. */
export function failure(commands: readonly (readonly string[])[], result: TmuxResult): UserError {
  const said = result.stderr.trim() || 'it said nothing';
  const init = {
    'no-server': { code: 'TMUX_NO_SERVER', message: `The tmux server is not running (${said}).`, hint: 'swarm doctor' },
    'no-target': {
      code: 'TMUX_NO_TARGET',
      message: `tmux no longer has the window that was meant: ${said}.`,
      hint: 'swarm ls',
    },
    failed: {
      code: 'TMUX_FAILED',
      message: `tmux refused '${commands.at(-1)?.[0] ?? ''}': ${said}.`,
      hint: 'swarm doctor',
    },
  }[result.problem ?? 'failed'];
  return new UserError({ ...init, exit: exit.failed, details: { commands, stderr: result.stderr } });
}

/**
 * The installed tmux's version as it calls itself (`3.3a`).
 * @throws UserError (exit 5) when it is missing or older than 3.2.
 */
export async function requireVersion(client: TmuxClient): Promise<string> {
  const result = await run(['tmux', '-V'], { env: client.env });
  if (result.missing) throw missingProgram('tmux', INSTALL);
  const version = result.stdout.trim().replace(/^tmux /, '');
  // Development builds (`next-3.5`, `master`, `openbsd-7.4`) are newer than any number we ask for, or say theirs.
  const number = /^(?:next-)?(\d+)\.(\d+)/.exec(version);
  if (!number || Number(number[1]) > OLDEST[0] || (Number(number[1]) === OLDEST[0] && Number(number[2]) >= OLDEST[1]))
    return version;
  throw new UserError({
    code: 'OLD_TMUX',
    exit: exit.missing,
    message: `tmux is ${version}, swarm needs ${OLDEST.join('.')} or newer.`,
    hint: INSTALL,
    details: { version },
  });
}
