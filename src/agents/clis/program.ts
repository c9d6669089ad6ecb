import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { missingProgram } from '../../process/run.ts';
import type { AgentCli } from './types.ts';

/** Whether the file can be executed by this user. */
function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Absolute path of a program on the environment's PATH, or null. `$NAME` means what that variable holds; a path is seen
 * from `folder` (default: the current one).
 */
export function findProgram(program: string, env: NodeJS.ProcessEnv, folder = '.'): string | null {
  const name = program.startsWith('$') ? (env[program.slice(1)] ?? '') : program;
  if (name === '') return null;
  const file = resolve(folder, name);
  if (name.includes('/')) return executable(file) ? file : null;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, name)).find(executable) ?? null;
}

/**
 * Absolute path of the agent CLI's program; a path in the config is seen from `root`, the main worktree, where the config
 * is read from too. @throws UserError (exit 5) with the install line when there is none.
 */
export function requireProgram(cli: AgentCli, env: NodeJS.ProcessEnv, root: string): string {
  for (const program of cli.programs) {
    const found = findProgram(program, env, root);
    if (found !== null) return found;
  }
  throw missingProgram(cli.programs.at(-1) ?? cli.name, cli.install);
}
