import { git } from '../../git/git.ts';
import { requireGitVersion } from '../../git/version.ts';
import { UserError } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import { run } from '../../process/run.ts';
import { requireVersion, tmuxClient } from '../../tmux/client.ts';
import { type Check, ok } from './check.ts';

/** Milliseconds that a program gets to tell its version; some are started through Node or Python. */
const PATIENCE = 5000;

/** What a program says to `--version`, in one line; null when it says nothing in time. */
export async function versionOf(program: string): Promise<string | null> {
  const { stdout, exitCode } = await run([program, '--version'], { timeout: PATIENCE });
  const line = oneLine(stdout.split('\n').find((text) => text.trim() !== '') ?? '', 60);
  return exitCode === 0 && line !== '' ? line : null;
}

/** This Node; the entry has refused older ones before anything else was loaded. */
export function checkNode(): Check {
  return ok('node', `${process.version} (${process.execPath})`, '22.18 or newer');
}

export function checkGit(folder: string): Promise<Check> {
  return attempt('git', '2.38 or newer', async () => {
    const here = git(folder);
    await requireGitVersion(here);
    return (await here.run(['version'])).trim();
  });
}

export function checkTmux(env: NodeJS.ProcessEnv): Promise<Check> {
  return attempt('tmux', '3.2 or newer', async () => `tmux ${await requireVersion(tmuxClient({ socket: null, env }))}`);
}

/** A check that fails with what the refusal says. */
async function attempt(name: string, expected: string, look: () => Promise<string | null>): Promise<Check> {
  try {
    return ok(name, await look(), expected);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, state: 'fail', found: error.message, expected, mend: error.hint };
  }
}
