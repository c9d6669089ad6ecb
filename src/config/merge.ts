import { DEFAULTS, type RawConfig } from './defaults.ts';
import type { RawLayer } from './schema.ts';
import type { ConfigSource } from './types.ts';

/** One layer that made sense, and where each of its keys is. */
export interface Layer {
  readonly value: RawLayer;
  sourceOf(path: readonly (string | number)[]): ConfigSource;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Puts layers over the defaults, the last one first heard. Sections and `agents` merge key by key, `keys` too; lists and
 * values replace. What a layer leaves empty it does not say; null is said only where null means something.
 */
export function mergeLayers(layers: readonly Layer[]): { raw: RawConfig; sources: Map<string, ConfigSource> } {
  const raw: Record<string, unknown> = { ...DEFAULTS };
  const sources = new Map<string, ConfigSource>();
  for (const { value, sourceOf } of layers) {
    const note = (path: readonly string[], said: unknown) => {
      const key = path.join('.');
      // Entries of a list that this one replaces.
      for (const old of sources.keys()) if (old.startsWith(`${key}.`)) sources.delete(old);
      sources.set(key, sourceOf(path));
      if (Array.isArray(said))
        said.forEach((_, index) => void sources.set(`${key}.${index}`, sourceOf([...path, index])));
    };
    for (const [name, said] of Object.entries(value)) {
      if (name === 'version') continue;
      raw[name] = over(raw[name], said, DEFAULTS[name as keyof RawConfig], [name], note);
    }
  }
  return { raw: raw as RawConfig, sources };
}

function over(
  below: unknown,
  said: unknown,
  fallback: unknown,
  path: readonly string[],
  note: (path: readonly string[], said: unknown) => void,
): unknown {
  // `fallback` is undefined only below `agents`, where null never means anything.
  if (said === undefined || (said === null && fallback !== null)) return below;
  const isMap = isValues(said) && (path.length === 1 || (path[0] === 'agents' && path.length === 2));
  if (!isMap) {
    note(path, said);
    return said;
  }
  const merged = new Map(Object.entries(isValues(below) ? below : {}));
  for (const [key, value] of Object.entries(said)) {
    const inner = isValues(fallback) ? fallback[key] : undefined;
    const old = merged.get(key);
    const next = over(old, value, inner, [...path, key], note);
    if (next !== undefined) merged.set(key, next);
    else if (path[0] === 'agents' && path.length === 1) merged.set(key, {});
  }
  return Object.fromEntries(merged);
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
