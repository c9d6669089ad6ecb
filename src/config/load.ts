import { DEFAULTS } from './defaults.ts';
import { type ConfigFile, readRootFile, readUserFile } from './files.ts';
import { shapeConfig } from './shape.ts';
import type { ConfigSource, LoadedConfig } from './types.ts';
import { environmentSpeaks } from './variables.ts';

export interface LoadConfigOptions {
  /** Null outside of a repository: the user's file and the environment. `root` is the main worktree. */
  readonly repo: { readonly root: string; readonly bare: boolean } | null;
  readonly env: NodeJS.ProcessEnv;
  /** Whether git tracks a path, relative to the root. Asked only of config files that are there. */
  isTracked(relativePath: string): Promise<boolean>;
  /** The team's file on the default branch; asked only in a bare repository, which has no worktree to read it from. */
  readTeamFile?(): Promise<string | null>;
}

const DEFAULT_SOURCE: ConfigSource = { layer: 'default', file: null, line: null, trusted: true };

/**
 * The config: defaults, the user's file, the team's `swarm.yaml`, `swarm.local.yaml`, the environment, the later over the earlier.
 * @throws UserError (exit 2) that lists all that is wrong in any of them.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const files = await readFiles(options);
  if (files.length === 0 && !environmentSpeaks(options.env)) {
    return { config: shapeConfig(DEFAULTS, options.env), raw: DEFAULTS, files: [], sources: new Map() };
  }
  // YAML and the schema take longer to load than all the rest: only where there is something to read.
  const { mergeFiles } = await import('./layers.ts');
  const { raw, sources } = mergeFiles(files, options.env);
  return { config: shapeConfig(raw, options.env), raw, files: files.map(({ file }) => file), sources };
}

/** Where the value of a key (`hooks.post_create`) came from: its own source or its nearest parent's, else the default. */
export function sourceOf(loaded: LoadedConfig, key: string): ConfigSource {
  for (let name = key; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const source = loaded.sources.get(name);
    if (source !== undefined) return source;
  }
  return DEFAULT_SOURCE;
}

async function readFiles({ repo, env, isTracked, readTeamFile }: LoadConfigOptions): Promise<ConfigFile[]> {
  const files = [readUserFile(env)];
  if (repo?.bare) {
    const text = (await readTeamFile?.()) ?? null;
    if (text !== null) files.push({ layer: 'team', file: 'swarm.yaml (default branch)', text, trusted: false });
    // Git tracks nothing in a bare repository's own folder.
    files.push(await readRootFile('local', repo.root, async () => false));
  } else if (repo) {
    files.push(await readRootFile('team', repo.root, isTracked), await readRootFile('local', repo.root, isTracked));
  }
  return files.filter((file) => file !== null);
}
