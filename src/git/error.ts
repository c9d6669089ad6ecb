import { exit, UserError } from '../lib/errors.ts';
import { shellWord, stripControls } from '../lib/text.ts';

/** How a git command ended. */
export interface GitResult {
  /** -1 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A git command that failed: git's own reason, safe to print. */
export class GitError extends UserError {
  readonly argv: readonly string[];
  readonly result: GitResult;

  constructor(argv: readonly string[], dir: string, result: GitResult) {
    const reason = reasonOf(result.stderr) || reasonOf(result.stdout) || `exit code ${result.exitCode}`;
    super({
      code: 'GIT_FAILED',
      exit: exit.failed,
      message: `git ${commandOf(argv)} failed: ${reason}`,
      hint: `git -C ${shellWord(dir)} ${argv.map(shellWord).join(' ')}`,
      details: { argv: ['git', ...argv], dir, exitCode: result.exitCode, stderr: stripControls(result.stderr) },
    });
    this.argv = argv;
    this.result = result;
  }
}

/**
 * What git said was wrong: its `fatal:` and `error:` lines without the label, else its last line. Advice (`hint:`) and
 * progress are left out; a carriage return starts a line anew, as on a terminal.
 */
export function reasonOf(stderr: string): string {
  const lines = stripControls(stderr.replaceAll('\r', '\n'))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const named = lines
    .filter((line) => /^(fatal|error): /.test(line))
    .map((line) => line.replace(/^(fatal|error): /, ''));
  return named.length > 0 ? [...new Set(named)].join('; ') : (lines.at(-1) ?? '');
}

/** The subcommand's name, past git's own options. */
export function commandOf(argv: readonly string[]): string {
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '-c' || word === '-C') index++;
    else if (!word.startsWith('-')) return word;
  }
  return argv[0] ?? '';
}
