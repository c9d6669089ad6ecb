import { exit, UserError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';
import { sourceOf } from './load.ts';
import type { ConfigSource, LoadedConfig } from './types.ts';

/** One key of the config in effect, in the file's own words. */
export interface ConfigEntry extends ConfigSource {
  /** `limits.agents`, `agents.mybot.command`. */
  readonly key: string;
  readonly value: unknown;
}

type Values = Readonly<Record<string, unknown>>;

/** Every key with its value and where that came from. */
export function configEntries(loaded: LoadedConfig): ConfigEntry[] {
  return leaves(loaded.raw, '').map(([key, value]) => ({ key, value, ...sourceOf(loaded, key) }));
}

/**
 * The value of a key, a whole section too, with its source.
 * @throws UserError (exit 3) for a key that the config doesn't have.
 */
export function configEntry(loaded: LoadedConfig, key: string): ConfigEntry {
  let value: unknown = loaded.raw;
  for (const step of key.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) throw noSuchKey(loaded, key);
    value = (value as Values)[step];
  }
  return { key, value, ...sourceOf(loaded, key) };
}

/** Sections and agents are opened; an empty one, a list and a map of variables are values. */
function leaves(value: unknown, path: string): [string, unknown][] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
  if (!isMap || /^agents\.[^.]+\../.test(path)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

function noSuchKey(loaded: LoadedConfig, key: string): UserError {
  const all = leaves(loaded.raw, '').map(([known]) => known);
  const known = [...new Set(all.flatMap((one) => [one, one.split('.')[0] ?? one]))];
  const [guess] = [...known.filter((one) => one.endsWith(`.${key}`)), ...nearest(key, known, 1)];
  return new UserError({
    code: 'NO_SUCH_KEY',
    exit: exit.notFound,
    message: `The config has no key '${key}'${guess === undefined ? '' : `; did you mean '${guess}'?`}`,
    hint: guess === undefined ? 'swarm config show' : `swarm config get ${guess}`,
    details: { key, guess: guess ?? null },
  });
}

/** `swarm.yaml:12`, `SWARM_LIMITS_AGENTS`, `default`: for people. `root` is taken off the beginning of files. */
export function placeOf({ layer, file, line }: ConfigSource, root: string): string {
  if (file === null) return layer;
  const name = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
  return line === null ? name : `${name}:${line}`;
}

/** A value on one line: a text as it is where that can't be misread, anything else as JSON, which YAML reads too. */
export function inline(value: unknown): string {
  return typeof value === 'string' && /^[\w./{}~@ $-]*\S$/.test(value) ? value : JSON.stringify(value);
}
