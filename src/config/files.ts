import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, sep } from 'node:path';
import { messageOf, type UserError } from '../lib/errors.ts';
import { configError } from './problems.ts';
import type { ConfigLayer } from './types.ts';

export const TEAM_FILE = 'swarm.yaml';
const LOCAL_FILE = 'swarm.local.yaml';

/** A config file that is there. */
export interface ConfigFile {
  readonly layer: ConfigLayer;
  /** What people and `sources` call it. */
  readonly file: string;
  readonly text: string;
  readonly trusted: boolean;
}

/** `$XDG_CONFIG_HOME/swarm/config.yaml`, else `~/.config/swarm/config.yaml`. */
function userConfigFile(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CONFIG_HOME'];
  const home = env['HOME'] || homedir();
  // The XDG specification has relative values ignored.
  return join(base && isAbsolute(base) ? base : join(home, '.config'), 'swarm', 'config.yaml');
}

/** The user's own file: always trusted, wherever it is linked to. */
export function readUserFile(env: NodeJS.ProcessEnv): ConfigFile | null {
  const file = userConfigFile(env);
  return realPathOf(file) === null ? null : { layer: 'user', file, text: read(file), trusted: true };
}

/**
 * A file at the repository's root. Trusted when git tracks neither it nor, for a link, what it leads to.
 * @throws UserError (exit 2) for a tracked link, or any link of the team's file, that leads out of the repository.
 */
export async function readRootFile(
  layer: 'team' | 'local',
  root: string,
  isTracked: (relativePath: string) => Promise<boolean>,
): Promise<ConfigFile | null> {
  const name = layer === 'team' ? TEAM_FILE : LOCAL_FILE;
  const file = join(root, name);
  const target = realPathOf(file);
  if (target === null) return null;
  // On a file system that folds case, Swarm.yaml opens as swarm.yaml, and git says that it tracks no such file.
  const isNamedSo = readdirSync(root).includes(name);
  const trusted = isNamedSo && !(await isTracked(name));
  const inside = relative(realpathSync(root), target);
  if (inside === name || !isNamedSo) return { layer, file, text: read(file), trusted };
  if (inside.split(sep)[0] !== '..' && !isAbsolute(inside)) {
    return { layer, file, text: read(file), trusted: trusted && layer === 'local' && !(await isTracked(inside)) };
  }
  // A local file that git does not track is the user's own link, say into their dotfiles.
  if (layer === 'local' && trusted) return { layer, file, text: read(file), trusted };
  throw unreadable(file, `it is a link out of the repository, to ${target}; config is read from inside it only`);
}

/** Null where there is nothing. A link to nothing is a mistake to be told. */
function realPathOf(file: string): string | null {
  try {
    return realpathSync(file);
  } catch (error) {
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return null;
    throw unreadable(file, `it can't be read: ${messageOf(error)}`);
  }
}

function read(file: string): string {
  try {
    // A pipe or a device would never end.
    if (statSync(file).isFile()) return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, `it can't be read: ${messageOf(error)}`);
  }
  throw unreadable(file, 'it is no regular file');
}

function unreadable(file: string, message: string): UserError {
  return configError([{ file, line: null, key: null, message, hint: null }]);
}
