import { nearest, oneLine } from '../lib/text.ts';
import { DEFAULTS } from './defaults.ts';
import type { Problem } from './problems.ts';
import { agentKeys, layerSchema, paneKeys, type RawLayer } from './schema.ts';

type Path = readonly (string | number)[];

/** A layer of the config that makes sense, or all that is wrong with it. `lineOf` finds a path in the file. */
export function checkLayer(
  value: unknown,
  file: string,
  lineOf: (path: Path) => number | null,
): { layer: RawLayer; problems: readonly Problem[] } {
  const result = layerSchema.safeParse(value ?? {});
  if (result.success) return { layer: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue): Problem[] => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, file, lineOf));
    if (issue.code === 'invalid_key') return [badName(path, issue.issues[0]?.message ?? 'a name', file, lineOf)];
    const key = keyOf(path);
    const found = describe(at(value, path));
    const message = `${key === '' ? '' : `${key}: `}expected ${issue.message}, found ${found}`;
    return [{ file, line: lineOf(path), key, message, hint: null }];
  });
  return { layer: {}, problems };
}

function unknownKey(parent: Path, name: string, file: string, lineOf: (path: Path) => number | null): Problem {
  const path = [...parent, name];
  const key = keyOf(path);
  const hint = nearestKey(parent, name);
  const message = `unknown key '${oneLine(key)}'${hint === null ? '' : `; did you mean '${hint}'?`}`;
  return { file, line: lineOf(path), key, message, hint };
}

function badName(path: Path, expected: string, file: string, lineOf: (path: Path) => number | null): Problem {
  const key = keyOf(path);
  const message = `'${oneLine(key)}': expected ${expected}, found ${describe(path.at(-1))}`;
  return { file, line: lineOf(path), key, message, hint: null };
}

/** A key of the same section, else the key of that name in another one. */
export function nearestKey(parent: Path, name: string): string | null {
  const [sibling] = nearest(name, siblings(parent), 1);
  if (sibling !== undefined) return keyOf([...parent, sibling]);
  const all = knownKeys();
  return all.find((key) => key.endsWith(`.${name}`)) ?? nearest(keyOf([...parent, name]), all, 1)[0] ?? null;
}

function siblings(parent: Path): readonly string[] {
  if (parent[0] === 'agents') return agentKeys;
  if (parent[0] === 'tmux' && parent[1] === 'panes') return paneKeys;
  const section = parent.length === 0 ? layerSchema.shape : at(DEFAULTS, parent);
  return typeof section === 'object' && section !== null ? Object.keys(section) : [];
}

/** Every key with a default, as written: `limits.agents`. */
function knownKeys(): string[] {
  return Object.entries(DEFAULTS).flatMap(([name, value]) => {
    const isSection = value !== null && typeof value === 'object' && Object.keys(value).length > 0;
    return isSection ? Object.keys(value).map((key) => `${name}.${key}`) : [name];
  });
}

/** `limits.agents`; `hooks.post_create.0` for an entry of a list. */
function keyOf(path: Path): string {
  return path.join('.');
}

function at(value: unknown, path: Path): unknown {
  let here: unknown = value;
  for (const step of path) here = (here as Readonly<Record<string | number, unknown>> | null | undefined)?.[step];
  return here;
}

/** What was found, for people. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return `a map (${oneLine(Object.keys(value).join(', '), 60)})`;
  return typeof value === 'string' ? `'${oneLine(value, 60)}'` : String(value);
}
