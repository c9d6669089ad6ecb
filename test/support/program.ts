import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The folder of the Node that the project brings along. */
export const nodeFolder = fileURLToPath(new URL('../../node_modules/node/bin', import.meta.url));
/** The program's entry. */
export const entry = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** How a program ended. */
export interface Result {
  /** 128 + the signal's usual number when a signal ended it, as a shell reports it. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON document on stdout, taken to be a T. */
  jsonAs<T>(): T;
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it has said so far. */
  stdout(): string;
  stderr(): string;
  readonly result: Promise<Result>;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard input; it is empty and closed without. */
  readonly input?: string;
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGPIPE: 13, SIGTERM: 15 };

/** Starts a program with exactly this environment, and listens to it. */
export function start(argv: readonly string[], options: StartOptions): Running {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: options.cwd, env: { ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A program may end without reading what it is given.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const result = new Promise<Result>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const exitCode = code ?? 128 + (SIGNALS[signal ?? ''] ?? 0);
      resolve({ exitCode, signal, stdout, stderr, jsonAs: <T>() => parse<T>(stdout, stderr) });
    });
  });
  return { child, pid: child.pid ?? -1, stdout: () => stdout, stderr: () => stderr, result };
}

function parse<T>(stdout: string, stderr: string): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`expected one JSON document on stdout, got:\n${stdout}\nand on stderr:\n${stderr}`);
  }
}
