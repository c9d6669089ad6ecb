import { basename } from 'node:path';
import { exit, UserError } from '../lib/errors.ts';
import { nearest, shellWord, wordsOfLine } from '../lib/text.ts';
import { startDetached } from '../process/detached.ts';
import type { AgentRow } from '../store/schema.ts';
import { findProgram } from './clis/program.ts';
import { requireWorktree } from './ground.ts';
import type { Session } from './session.ts';
import type { ForegroundPlan } from './shell.ts';

/** Editors with windows of their own: started and left alone. All others take over the terminal. */
const WINDOWED = ['code', 'cursor', 'zed', 'subl', 'idea', 'webstorm', 'pycharm', 'codium', 'windsurf', 'atom'];
const TERMINAL = ['nvim', 'vim', 'hx', 'emacs', 'nano', 'vi'];

/** Milliseconds in which a windowed editor's starter says that it failed; some only end with their window. */
const STARTER = 5000;

export type Opened =
  | ({ readonly opened: false; readonly editor: string } & ForegroundPlan)
  | { readonly opened: true; readonly editor: string; readonly cwd: string };

/**
 * Opens the worktree in an editor with a window, or says what to run in the terminal for one without.
 * An editor's command line is split into words (`code --wait`, `'My Editor' -n`), never given to a shell.
 */
export async function openEditor(session: Session, row: AgentRow, wanted: string | null): Promise<Opened> {
  const cwd = requireWorktree(row);
  const { env } = session;
  const line = wanted || env['SWARM_EDITOR'] || env['VISUAL'] || env['EDITOR'] || firstInstalled(env);
  const [name = '', ...args] = wordsOfLine(line);
  const program = findProgram(name, env);
  if (program === null) throw missingEditor(name, row);
  const argv = [program, ...args, cwd];
  const editor = basename(name);
  if (!WINDOWED.includes(editor)) return { opened: false, editor, argv, cwd, env };
  const exitCode = await startDetached(argv, { cwd, env, patience: STARTER });
  if (exitCode === 0 || exitCode === null) return { opened: true, editor, cwd };
  throw new UserError({
    code: 'EDITOR_FAILED',
    exit: exit.failed,
    message: `${editor} did not open the worktree: it ended with ${exitCode}.`,
    hint: argv.map(shellWord).join(' '),
    details: { argv, exitCode },
  });
}

const firstInstalled = (env: NodeJS.ProcessEnv) =>
  [...WINDOWED, ...TERMINAL].find((name) => findProgram(name, env) !== null) ?? 'vi';

function missingEditor(name: string, row: AgentRow): UserError {
  const close = nearest(name, [...WINDOWED, ...TERMINAL], 1)[0] ?? 'vim';
  return new UserError({
    code: 'MISSING_PROGRAM',
    exit: exit.missing,
    message: `The editor '${name}' is not on the PATH.`,
    hint: `swarm open ${row.name} --editor ${close}`,
    details: { program: name },
  });
}
