import { execa, type Options } from 'execa';
import { exit, UserError } from '../lib/errors.ts';
import { log } from '../lib/log.ts';

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the child; nothing is added. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Written to the child's standard input, which is closed in any case. */
  readonly input?: string | Uint8Array;
  /** Ends the child (and with `group` its group) after so many milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** How a child ended. Never thrown: the caller decides what is an error. */
export interface RunResult {
  readonly argv: readonly string[];
  /** Null when it was ended by a signal or never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** The program was not found. */
  readonly missing: boolean;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** Runs a program to its end, from an argv array and never through a shell, and collects what it says. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program, ...args] = argv;
  if (program === undefined) throw new TypeError('run: empty argv');
  const settings: Options = {
    reject: false,
    stripFinalNewline: false,
    extendEnv: false,
    env: options.env ?? process.env,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    maxBuffer: 512 * 1024 * 1024,
  };
  const result = await execa(program, args, settings);
  log('trace', `${argv.join(' ')} → ${result.exitCode ?? result.signal} in ${Math.round(result.durationMs)} ms`);
  return {
    argv,
    exitCode: result.exitCode ?? null,
    signal: result.signal ?? null,
    stdout: typeof result.stdout === 'string' ? result.stdout : '',
    stderr: typeof result.stderr === 'string' ? result.stderr : '',
    timedOut: result.timedOut,
    missing: result.code === 'ENOENT',
    durationMs: result.durationMs,
  };
}

/** Refusal for a program that is not installed: exit 5 and how to get it. */
export function missingProgram(program: string, install: string): UserError {
  return new UserError({
    code: 'MISSING_PROGRAM',
    exit: exit.missing,
    message: `'${program}' is not on the PATH.`,
    hint: install,
    details: { program },
  });
}
