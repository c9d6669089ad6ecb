import { parse } from 'yaml';
import { nearestKey } from './check.ts';
import { DEFAULTS } from './defaults.ts';
import type { Problem } from './problems.ts';
import { layerSchema } from './schema.ts';
import { isRuntimeVariable } from './variables.ts';

/** What the environment says of the config. */
export interface EnvironmentLayer {
  /** As a file would say it. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The variable behind a key (`limits.agents`). */
  readonly variables: ReadonlyMap<string, string>;
  /** Variables that begin as a section does and name no key of it. */
  readonly problems: readonly Problem[];
}

/**
 * Reads `SWARM_<SECTION>_<KEY>`; an empty variable says nothing. A text is taken as it is, anything else is read as YAML,
 * and a list may be one text. `DATABASE_URL` counts when it names a PostgreSQL database and `SWARM_DATABASE_URL` is unset.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): EnvironmentLayer {
  const value: Record<string, unknown> = {};
  const variables = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('SWARM_') || isRuntimeVariable(variable) || !text) continue;
    const path = keyOfVariable(variable);
    if (path === null) continue;
    const [section, key] = path;
    if (key !== null && !Object.hasOwn(Object(DEFAULTS[section]), key)) {
      problems.push(unknownVariable(variable, section, key));
      continue;
    }
    const typed = typedValue(text, (candidate) => ({ [section]: key === null ? candidate : { [key]: candidate } }));
    value[section] = key === null ? typed : { ...(value[section] as object | undefined), [key]: typed };
    variables.set(key === null ? section : `${section}.${key}`, variable);
  }
  const store = databaseUrl(env);
  if (store !== null) {
    value['store'] = store.url;
    variables.set('store', store.variable);
  }
  return { value, variables, problems };
}

/** `SWARM_LIMITS_IDLE_TIMEOUT` → limits, idle_timeout. Null when it names no section. */
function keyOfVariable(variable: string): [section: keyof typeof DEFAULTS & string, key: string | null] | null {
  const name = variable.slice('SWARM_'.length).toLowerCase();
  for (const [section, fallback] of Object.entries(DEFAULTS) as [keyof typeof DEFAULTS, unknown][]) {
    if (name === section && !hasKeys(fallback)) return [section, null];
    if (name.startsWith(`${section}_`) && hasKeys(fallback)) return [section, name.slice(section.length + 1)];
  }
  return null;
}

function hasKeys(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function unknownVariable(variable: string, section: string, key: string): Problem {
  const guess = nearestKey([section], key);
  const name = guess === null ? null : `SWARM_${guess.toUpperCase().replace('.', '_')}`;
  const message = `${variable} names no key of swarm.yaml${name === null ? '' : `; did you mean ${name}?`}`;
  return { file: 'environment', line: null, key: `${section}.${key}`, message, hint: name };
}

/** The first reading of the text that the schema takes; else the likeliest, for the schema to complain about. */
function typedValue(text: string, layerWith: (candidate: unknown) => unknown): unknown {
  const parsed = quietly(() => parse(text));
  const candidates = [...(text === 'null' ? [null] : []), text, parsed, [text]];
  const taken = candidates.find((candidate) => layerSchema.safeParse(layerWith(candidate)).success);
  return taken === undefined ? (parsed ?? text) : taken;
}

function databaseUrl(env: NodeJS.ProcessEnv): { variable: string; url: string } | null {
  const own = env['SWARM_DATABASE_URL'];
  if (own) return { variable: 'SWARM_DATABASE_URL', url: own };
  const common = env['DATABASE_URL'];
  return common && /^postgres(ql)?:\/\//.test(common) ? { variable: 'DATABASE_URL', url: common } : null;
}

function quietly(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return undefined;
  }
}
