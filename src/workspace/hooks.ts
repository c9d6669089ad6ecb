import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HookName } from '../config/types.ts';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord, stripControls } from '../lib/text.ts';
import { runLogged } from '../process/logged.ts';
import type { ApprovedCommands } from './approved.ts';
import { HOOK_KEYS } from './commands.ts';
import { scriptsOf } from './scripts.ts';

export interface HookRun {
  readonly plan: ApprovedCommands;
  readonly name: HookName;
  /** The worktree. */
  readonly cwd: string;
  /** The whole environment (design: section 8). */
  readonly env: NodeJS.ProcessEnv;
  /** What the hooks write, as it is, each behind a `$ command` line. */
  readonly logFile: string;
  /** Milliseconds for each hook. */
  readonly timeoutMs: number;
  /** The command line that runs scripts which are not the approved ones, once they were read. */
  readonly anyway: string;
  /** One line of what they write, without control characters. */
  onOutput?(line: string): void;
  readonly signal?: AbortSignal;
}

export interface HookResult {
  readonly command: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly ms: number;
}

/**
 * Runs the approved commands of a hook in the worktree, one after the other until one fails. Each entry is a whole script,
 * however many lines it has. Answers one result for each that ran; see `failedHook`.
 * @throws UserError (exit 4) when a script in the worktree is not the one that was approved, before anything ran;
 * (exit 130) when interrupted.
 */
export async function runHooks(run: HookRun): Promise<HookResult[]> {
  const key = HOOK_KEYS[run.name];
  const commands = run.plan.lines(key);
  if (commands.length === 0) return [];
  if (statSync(run.cwd, { throwIfNoEntry: false })?.isDirectory() !== true) throw noFolder(key, run.cwd);
  requireSameScripts(run.plan, key, run.cwd, run.anyway);
  mkdirSync(dirname(run.logFile), { recursive: true, mode: 0o700 });
  const results: HookResult[] = [];
  for (const command of commands) {
    const result = await runOne(run, command);
    results.push(result);
    if (!succeeded(result)) break;
  }
  return results;
}

/** The one that failed, or null. */
export function failedHook(results: readonly HookResult[]): HookResult | null {
  return results.find((result) => !succeeded(result)) ?? null;
}

/** `'npm ci' exited with 1`: for a reason or a message. */
export function describeFailure({ command, exitCode, signal, timedOut, ms }: HookResult): string {
  const what = `'${stripControls(command).trim().split('\n')[0] ?? ''}'`;
  if (timedOut) return `${what} took longer than ${Math.round(ms / 1000)} s and was ended`;
  if (signal !== null) return `${what} was ended by ${signal}`;
  return exitCode === null ? `${what} could not be started` : `${what} exited with ${exitCode}`;
}

function succeeded({ exitCode, timedOut }: HookResult): boolean {
  return exitCode === 0 && !timedOut;
}

async function runOne(run: HookRun, command: string): Promise<HookResult> {
  appendFileSync(run.logFile, `$ ${command.trimEnd()}\n`, { mode: 0o600 });
  const lines = lineSplitter((line) => run.onOutput?.(stripControls(line)));
  const result = await runLogged(['/bin/sh', '-c', command], {
    cwd: run.cwd,
    env: run.env,
    logFile: run.logFile,
    timeout: run.timeoutMs,
    onText: lines.push,
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
  lines.end();
  const { exitCode, signal, timedOut, durationMs: ms } = result;
  return { command, exitCode, signal, timedOut, ms };
}

/** Longest line that is held back until its end comes. */
const MAX_LINE = 64 * 1024;

/** Cuts a stream into lines; of a line that was written over (a progress bar), the last state. */
function lineSplitter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  const say = (line: string) => onLine(line.replace(/\r+$/u, '').replace(/^.*\r/su, ''));
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) say(line);
      if (rest.length > MAX_LINE) this.end();
    },
    end() {
      if (rest !== '') say(rest);
      rest = '';
    },
  };
}

/** Scripts that a key's commands run and that are other ones in `cwd` than were approved: a branch may have its own. */
export function changedScripts(plan: ApprovedCommands, key: string, cwd: string): string[] {
  const approved = plan.scripts(key);
  if (approved === null) return [];
  return scriptsOf(plan.texts(key), cwd)
    .filter((here) => !approved.some(({ path, sha256 }) => path === here.path && sha256 === here.sha256))
    .map(({ path }) => path);
}

/**
 * Refuses a script in `cwd` that a key's commands run and that is not the approved one. `anyway`: the command line that
 * runs it all the same. @throws UserError (exit 4).
 */
export function requireSameScripts(plan: ApprovedCommands, key: string, cwd: string, anyway: string): void {
  const changed = changedScripts(plan, key, cwd);
  if (changed.length === 0) return;
  const first = shellWord(join(cwd, changed[0] ?? ''));
  throw new UserError({
    code: 'SCRIPT_CHANGED',
    exit: exit.refused,
    message: `${key} runs ${changed.join(', ')}, which is not the same in ${cwd} as in the main worktree, where it was approved.`,
    hint: `Read it (less ${first}), then: ${anyway}`,
    details: { key, scripts: changed, worktree: cwd },
  });
}

function noFolder(key: string, cwd: string): UserError {
  return new UserError({
    code: 'NO_WORKTREE',
    exit: exit.failed,
    message: `${key} can't run: its folder ${cwd} is not there.`,
    hint: 'swarm repair',
    details: { key, worktree: cwd },
  });
}
