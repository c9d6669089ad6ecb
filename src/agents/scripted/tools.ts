import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Change } from './step.ts';

export interface ToolResult {
  readonly ok: boolean;
  /** For the transcript. */
  readonly output: string;
}

/** Lines of a command's output that are shown. */
const MOST_LINES = 12;

/** Changes a file below the current folder; refuses any other, by a link as well. */
export async function runEdit(file: string, change: Change): Promise<ToolResult> {
  const path = inside(file);
  if (change.how === 'replace') {
    const before = readFileSync(path, 'utf8');
    if (!before.includes(change.from)) return { ok: false, output: `${file} does not contain: ${change.from}` };
    writeFileSync(
      path,
      before.replace(change.from, () => change.to),
    );
  } else {
    writeFileSync(path, change.text, { flag: change.how === 'append' ? 'a' : 'w' });
  }
  return { ok: true, output: `${{ text: 'Wrote', append: 'Added to', replace: 'Changed' }[change.how]} ${file}` };
}

/** Runs the script's own command line in the agent's environment: ports and all. */
export async function runShell(command: string, signal: AbortSignal): Promise<ToolResult> {
  return runProgram(['/bin/sh', '-c', command], signal);
}

/** Commits everything in the folder's worktree. */
export async function runCommit(message: string, signal: AbortSignal): Promise<ToolResult> {
  const added = await runProgram(['git', 'add', '--all'], signal);
  return added.ok ? runProgram(['git', 'commit', '--quiet', '--message', message], signal) : added;
}

async function runProgram(argv: readonly string[], signal: AbortSignal): Promise<ToolResult> {
  const { run } = await import('../../process/run.ts');
  const { exitCode, signal: killed, stdout, stderr } = await run(argv, { signal });
  const lines = `${stdout}${stderr}`.trimEnd().split('\n');
  const shown =
    lines.length > MOST_LINES + 1 ? [...lines.slice(0, MOST_LINES), `… +${lines.length - MOST_LINES} lines`] : lines;
  if (exitCode === 0) return { ok: true, output: shown.join('\n') };
  return { ok: false, output: [`Error: exit ${exitCode ?? killed}`, ...shown].join('\n').trimEnd() };
}

/** The file's real path, with its folders made. */
function inside(file: string): string {
  const root = realpathSync('.');
  const path = resolve(root, file);
  refuseOutside(root, path, file);
  let there = dirname(path);
  while (!existsSync(there)) there = dirname(there);
  refuseOutside(root, join(realpathSync(there), 'x'), file);
  mkdirSync(dirname(path), { recursive: true });
  const real = join(realpathSync(dirname(path)), basename(path));
  refuseOutside(root, real, file);
  if (lstatSync(real, { throwIfNoEntry: false })?.isSymbolicLink()) refuseOutside(root, realpathSync(real), file);
  return real;
}

function refuseOutside(root: string, path: string, file: string): void {
  const way = relative(root, path);
  if (way === '' || way === '..' || way.startsWith('../') || isAbsolute(way)) {
    throw new Error(`${file} is not a file below ${root}`);
  }
}
