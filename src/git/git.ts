import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type SimpleGitOptions, simpleGit } from 'simple-git';
import { exit, UserError } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { missingProgram } from '../process/run.ts';
import { gitEnv } from './env.ts';
import { commandOf, GitError, type GitResult } from './error.ts';

export type { GitResult } from './error.ts';
export { GitError } from './error.ts';

export interface GitOptions {
  /** Added to git's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is closed in any case. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

/** git, bound to a folder. Arguments are an argv; output comes byte for byte as git wrote it. */
export interface Git {
  readonly dir: string;
  /** Answers what git wrote. @throws GitError when it failed. */
  run(args: readonly string[], options?: GitOptions): Promise<string>;
  /** Answers how it ended, whatever its exit code. */
  try(args: readonly string[], options?: GitOptions): Promise<GitResult>;
}

/**
 * `git worktree` dies, before it does anything, when another process is just writing a new worktree's `commondir` (it
 * reads an empty file and reports errno 0). Milliseconds: how long to try again, and how often.
 */
const HALF_MADE = { sign: /failed to read .*\/commondir: /, patience: 5000, pause: 5 } as const;

/** git in a folder. `operation` is the journal's id of the operation that its processes belong to. */
export function git(dir: string, { operation }: { readonly operation?: string } = {}): Git {
  const attempt = async (args: readonly string[], options: GitOptions = {}): Promise<GitResult> => {
    const end = performance.now() + HALF_MADE.patience;
    for (;;) {
      const result = await execute(dir, args, options, operation ?? null);
      const meetsHalfMade = commandOf(args) === 'worktree' && HALF_MADE.sign.test(result.stderr);
      if (result.exitCode === 0 || !meetsHalfMade || performance.now() > end) return result;
      await delay(HALF_MADE.pause);
    }
  };
  return {
    dir,
    try: attempt,
    async run(args, options) {
      const result = await attempt(args, options);
      if (result.exitCode !== 0) throw new GitError(args, dir, result);
      return result.stdout;
    },
  };
}

/**
 * simple-git refuses options and variables through which untrusted text could run programs. Nothing here comes from
 * untrusted text (refs and paths stand behind `--` or are checked to be no options), and the user's own variables
 * (GIT_SSH_COMMAND, GIT_CONFIG_GLOBAL, EDITOR …) must reach their hooks and filters as with plain git.
 */
const UNSAFE: NonNullable<SimpleGitOptions['unsafe']> = {
  allowAbbreviatedOptions: true,
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
};

async function execute(
  dir: string,
  args: readonly string[],
  options: GitOptions,
  operation: string | null,
): Promise<GitResult> {
  const env = gitEnv(process.env, options.env ?? {}, operation);
  let code: number | null = -1;
  let stderr = '';
  await requireFolder(dir);
  const started = performance.now();
  const client = simpleGit({
    baseDir: dir,
    unsafe: UNSAFE,
    allowEnvironment: Object.keys(env),
    completion: { onClose: true, onExit: false },
    // An empty buffer, not undefined: otherwise standard input stays open, and a hook that reads it waits for ever.
    input: () => (options.input === undefined ? Buffer.alloc(0) : Buffer.from(options.input)),
    // One client per command, so that this sees its exit code; simple-git passes over failures that say nothing.
    errors: (error, result) => {
      code = result.exitCode;
      stderr = Buffer.concat(result.stdErr).toString('utf8');
      return options.signal?.aborted && error instanceof Error ? error : undefined;
    },
    ...(options.signal === undefined ? {} : { abort: options.signal }),
  });
  // simple-git waits 50 ms longer for a program that said nothing; an empty chunk counts as said.
  client.env(env).outputHandler((_command, stdout) => queueMicrotask(() => stdout.emit('data', Buffer.alloc(0))));
  const stdout = await client.raw([...args]);
  options.signal?.throwIfAborted();
  if (code !== null && code < 0) throw missingProgram('git', 'https://git-scm.com/downloads (2.38 or newer)');
  log('trace', `git -C ${dir} ${args.join(' ')} → ${code} in ${Math.round(performance.now() - started)} ms`);
  return { exitCode: code ?? -1, stdout, stderr };
}

async function requireFolder(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => null);
  if (found?.isDirectory()) return;
  throw new UserError({
    code: 'NO_SUCH_FOLDER',
    exit: exit.usage,
    message: found ? `${dir} is a file; a folder was expected.` : `There is no folder ${dir}.`,
    hint: null,
    details: { dir },
  });
}
