import { checkLayer } from './check.ts';
import type { RawConfig } from './defaults.ts';
import { readEnvironment } from './environment.ts';
import type { ConfigFile } from './files.ts';
import { type Layer, mergeLayers } from './merge.ts';
import { configError, type Problem } from './problems.ts';
import { readYaml } from './read.ts';
import type { ConfigSource } from './types.ts';

/** Reads, checks and merges what the files and the environment say. Throws one error for all that is wrong. */
export function mergeFiles(
  files: readonly ConfigFile[],
  env: NodeJS.ProcessEnv,
): { raw: RawConfig; sources: Map<string, ConfigSource> } {
  const problems: Problem[] = [];
  const layers = files.map((file) => fileLayer(file, problems));
  layers.push(environmentLayer(env, problems));
  if (problems.length > 0) throw configError(problems);
  return mergeLayers(layers);
}

function fileLayer({ layer, file, text, trusted }: ConfigFile, problems: Problem[]): Layer {
  const read = readYaml(text, file);
  const checked =
    read.problems.length > 0 ? { layer: {}, problems: read.problems } : checkLayer(read.value, file, read.lineOf);
  problems.push(...checked.problems);
  return { value: checked.layer, sourceOf: (path) => ({ layer, file, line: read.lineOf(path), trusted }) };
}

function environmentLayer(env: NodeJS.ProcessEnv, problems: Problem[]): Layer {
  const { value, variables, problems: unknown } = readEnvironment(env);
  const variableOf = (path: readonly (string | number)[]) =>
    variables.get(path.slice(0, 2).join('.')) ?? variables.get(String(path[0])) ?? 'environment';
  const checked = checkLayer(value, 'environment', () => null);
  problems.push(
    ...unknown,
    ...checked.problems.map((one) => ({ ...one, file: variableOf((one.key ?? '').split('.')) })),
  );
  return {
    value: checked.layer,
    sourceOf: (path) => ({ layer: 'env', file: variableOf(path), line: null, trusted: true }),
  };
}
