import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { errnoOf, exit, messageOf, UserError } from '../lib/errors.ts';

/** The user's configuration that tmux reads: the first that is there, else where one would go. Links are not followed. */
export function tmuxConfigFile(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] || homedir();
  const xdg = env['XDG_CONFIG_HOME'];
  const folders = [...(xdg ? [join(xdg, 'tmux')] : []), join(home, '.config', 'tmux')];
  const plain = join(home, '.tmux.conf');
  const files = [plain, ...folders.map((folder) => join(folder, 'tmux.conf'))];
  const [folder] = folders.filter((one) => existsSync(one));
  return files.find(isThere) ?? (folder === undefined ? plain : join(folder, 'tmux.conf'));
}

/** The bytes as latin1; null when there is no file. */
export function readConfig(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw unusable(file, error);
  }
}

/**
 * Puts `after` (null: no file) in the place of `before`, in one step: whoever reads sees the one or the other. The mode
 * stays, and a link goes on leading to the file. False when the file no longer holds `before`: nothing is changed then.
 * The caller sees to it that one swarm at a time does so.
 */
export function replaceConfig(file: string, before: string | null, after: string | null): boolean {
  const target = throughLinks(file);
  // One name: what a killed swarm left is written over by the next.
  const draft = `${target}.swarm-new`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    if (after !== null) writeDraft(draft, after, statSync(target, { throwIfNoEntry: false })?.mode ?? 0o644);
    if (readConfig(target) !== before) return false;
    if (after === null) rmSync(target, { force: true });
    else renameSync(draft, target);
    return true;
  } catch (error) {
    throw unusable(target, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDraft(draft: string, text: string, mode: number): void {
  const handle = openSync(draft, 'w', 0o600);
  try {
    fchmodSync(handle, mode & 0o7777);
    writeSync(handle, Buffer.from(text, 'latin1'));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Where a chain of links ends, also when nothing is there yet. */
function throughLinks(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  const link = lstatSync(file, { throwIfNoEntry: false });
  return link?.isSymbolicLink() ? throughLinks(resolve(dirname(file), readlinkSync(file))) : file;
}

function unusable(file: string, error: unknown): unknown {
  if (error instanceof UserError || errnoOf(error) === null) return error;
  return new UserError({
    code: 'TMUX_CONF_UNUSABLE',
    exit: exit.refused,
    message: `${file} can't be changed: ${messageOf(error)}.`,
    hint: 'Put the lines into your configuration by hand: swarm keys print',
    details: { file },
  });
}
