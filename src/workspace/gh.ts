import type { Repository } from '../git/repository.ts';
import { exit, UserError } from '../lib/errors.ts';
import { missingProgram, type RunResult, run } from '../process/run.ts';

/** Milliseconds that gh may take to ask. */
const TIMEOUT = 60_000;
const INSTALL = 'Install it from https://cli.github.com, then: gh auth login';

/** Asks gh something about the repository; it asks nobody back. @throws UserError exit 5 when it isn't there. */
export async function runGh(
  repo: Repository,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly input?: string },
): Promise<RunResult> {
  const quiet = { GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' };
  const { env, ...input } = options;
  const result = await run(['gh', ...args], { cwd: repo.root, env: { ...env, ...quiet }, timeout: TIMEOUT, ...input });
  if (result.missing) throw missingProgram('gh', INSTALL);
  return result;
}

/** Whether gh says that nobody is logged in. */
export const isLoggedOut = (said: string): boolean => /auth login|not logged in|GH_TOKEN/i.test(said);

export function loggedOut(what: string, details: Readonly<Record<string, unknown>>): UserError {
  const message = `${what}: it is not logged in.`;
  return new UserError({ code: 'GH_LOGIN', exit: exit.missing, message, hint: 'gh auth login', details });
}
