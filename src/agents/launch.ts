import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withoutRepository } from '../git/env.ts';
import { PARAMETERS } from '../git/parameters.ts';
import { withoutGuard } from './git-guard.ts';

/** What only the pane knows: its terminal, and the folder it was opened in as its user spells it. */
export const PANE_VARIABLES: readonly string[] = ['TERM', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'COLORTERM', 'PWD'];

/** What tmux tells the programs in its panes; where its socket is, TMUX_TMPDIR, is a person's setting. */
const TMUX = /^TMUX(?!_TMPDIR$)/;

/** True of the caller's own terminal and shell only, and wrong in the agent's window. */
const CALLER_ONLY = /^(?:TMUX(?!_TMPDIR$).*|_|PWD|OLDPWD|LINES|COLUMNS)$/;

/**
 * What swarm tells an agent about itself: an agent that starts another must not hand its own on. SWARM_OP marks what a
 * repair may end.
 */
const IDENTITY =
  /^SWARM_(?:SESSION|AGENT|TOKEN|ROLE|TICKET|BRANCH|BASE|WORKTREE|REPO|HOST|BIN|PORTS|HOOK|SPOOL|OP|GIT|SCRIPTED_(?:LOG|HOME))$/;

export interface Launch {
  /** The program, looked up on the PATH of `env` when it holds no slash, and its arguments. */
  readonly argv: readonly string[];
  /** The whole environment of the agent, but for `keepFromPane`. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that the agent gets as its pane has them, or not at all. Default: {@link PANE_VARIABLES}. */
  readonly keepFromPane?: readonly string[];
}

/**
 * Writes the file, 0600, that `bin/launch` reads once and becomes the agent from. Refuses to write over a file.
 * Linux takes at most 128 KiB in one argument or variable.
 */
export function writeLaunchFile(file: string, launch: Launch): void {
  const keep = launch.keepFromPane ?? PANE_VARIABLES;
  const own = Object.entries(launch.env).filter(([name]) => !keep.includes(name) && !TMUX.test(name));
  const lines = [
    ...keep.map((name) => `k${name}`),
    ...own.map(([name, value]) => tagged('e', `${name}=${value}`)),
    ...launch.argv.map((value) => tagged('a', value)),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
}

/** Opens what will read the launch file; what does not open leaves no file with an environment in it. */
export async function opening<T>(file: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** The argv of a pane that becomes what the launch file says. `root`: the installed program's folder. `keep`: the file stays. */
export function launchArgv(root: string, file: string, keep = false): string[] {
  // Through sh: packing may drop the executable bit, and tmux takes two or more words as an argv.
  return ['/bin/sh', join(root, 'bin', 'launch'), ...(keep ? ['--keep'] : []), file];
}

/** A line of the launch file; escaped, and said so by the capital, only where it must be. */
function tagged(tag: 'a' | 'e', value: string): string {
  if (value.includes('\0')) throw new TypeError('neither an argument nor a variable can hold a NUL character');
  if (!/[\\\n\r]/.test(value)) return tag + value;
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return tag.toUpperCase() + escaped;
}

/**
 * The environment of an agent: the caller's without what is true of the caller only, its repository included, then
 * swarm's own variables (SWARM_*, ports by name). The folder of `SWARM_BIN` comes first on the PATH, so that `swarm` is this swarm.
 */
export function agentEnvironment(
  base: NodeJS.ProcessEnv,
  swarm: Readonly<Record<string, string>>,
): Record<string, string> {
  const env: Record<string, string> = {};
  // Ports of the agent that calls: another one must not listen on them.
  const ports = (base['SWARM_PORTS'] ?? '').split(' ');
  for (const [name, value] of Object.entries(withoutRepository(base))) {
    const foreign = CALLER_ONLY.test(name) || IDENTITY.test(name) || ports.includes(name);
    if (!foreign) env[name] = value;
  }
  if (env[PARAMETERS] !== undefined) env[PARAMETERS] = withoutGuard(env[PARAMETERS]);
  Object.assign(env, swarm);
  const bin = swarm['SWARM_BIN'];
  if (bin !== undefined) {
    const folder = dirname(bin);
    const others = (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(':').filter((entry) => entry !== folder);
    env['PATH'] = [folder, ...others].join(':');
  }
  return env;
}
