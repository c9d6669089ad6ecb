import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { exit, UserError } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { endGroup } from './end.ts';
import { startOf } from './identity.ts';
import { onInterrupt } from './interrupt.ts';

export interface LoggedOptions {
  readonly cwd: string;
  /** The whole environment of the child; nothing is added. */
  readonly env: NodeJS.ProcessEnv;
  /** All that it writes, both streams in their order, is appended here as it is. Made when missing, private to the user. */
  readonly logFile: string;
  /** Its group is ended after so many milliseconds. */
  readonly timeout: number;
  /** What was written to the log since the last call. */
  onText?(text: string): void;
  readonly signal?: AbortSignal;
}

export interface LoggedResult {
  /** Null when it was ended by a signal or never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** Milliseconds between two looks at the log. */
const LOOK = 40;

/**
 * Runs a program with nothing to read, in a process group of its own, and follows the file that it writes to. The file
 * and no pipe: the program may leave children behind that still write, and it may outlive a killed swarm.
 * Whatever it left running is ended with it when it failed, ran out of time or was interrupted.
 * @throws UserError (exit 130) when this process is interrupted meanwhile, after the group was ended.
 */
export async function runLogged(argv: readonly string[], options: LoggedOptions): Promise<LoggedResult> {
  const [program = '', ...args] = argv;
  mkdirSync(dirname(options.logFile), { recursive: true, mode: 0o700 });
  const output = openSync(options.logFile, 'a+', 0o600);
  const follow = follower(output, options.onText);
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  const over = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', (error) => {
      log('debug', `${program}: ${error.message}`);
      resolve({ exitCode: null, signal: null });
    });
  });
  const looking = setInterval(follow, LOOK);
  const ended: { by: 'timeout' | 'interrupt' | null } = { by: null };
  let ending: Promise<unknown> = Promise.resolve();
  const identity = child.pid === undefined ? null : { pid: child.pid, start: await startOf(child.pid) };
  const end = (by: typeof ended.by, grace?: number) => {
    ended.by ??= by;
    if (identity !== null) ending = Promise.all([ending, endGroup(identity, grace)]);
  };
  const timer = setTimeout(() => end('timeout'), options.timeout);
  // A second ctrl-C waits no longer.
  const forget = onInterrupt(() => end('interrupt', ended.by === 'interrupt' ? 0 : undefined));
  const abort = () => end('interrupt');
  options.signal?.addEventListener('abort', abort);
  if (options.signal?.aborted) abort();
  try {
    const { exitCode, signal } = await over;
    if (exitCode !== 0) end(ended.by);
    await ending;
    log('trace', `${argv.join(' ')} → ${exitCode ?? signal}`);
    if (ended.by === 'interrupt') throw interrupted();
    const durationMs = Math.round(performance.now() - started);
    return { exitCode, signal, timedOut: ended.by === 'timeout', durationMs };
  } finally {
    clearTimeout(timer);
    clearInterval(looking);
    forget();
    options.signal?.removeEventListener('abort', abort);
    follow();
    closeSync(output);
  }
}

/** Reads what the file got since the last call, from its present end on, and passes it on. */
function follower(file: number, onText: ((text: string) => void) | undefined): () => void {
  let position = fstatSync(file).size;
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.allocUnsafe(64 * 1024);
  return () => {
    if (onText === undefined) return;
    for (;;) {
      const count = readSync(file, buffer, 0, buffer.length, position);
      if (count === 0) return;
      position += count;
      onText(decoder.write(buffer.subarray(0, count)));
    }
  };
}

function interrupted(): UserError {
  return new UserError({ code: 'INTERRUPTED', exit: exit.interrupted, message: 'Interrupted.', hint: null });
}
