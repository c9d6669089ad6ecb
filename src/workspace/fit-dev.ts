import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { shellWord } from '../lib/text.ts';

interface Manifest {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
}

/** Dev servers that take their port as an option and not from the environment. */
const BY_OPTION = /\b(?:vite|astro|nuxt|next|ng serve|webpack(?:-dev-server)?|storybook|svelte-kit|remix|parcel)\b/;

/**
 * What starts the dev server of a JavaScript project on `$PORT`: its script `dev` or `start`, at the root or in the one
 * workspace that has one. Null when there is none, or when it is not clear which.
 */
export function devCommand(root: string, installer: string): string | null {
  const manager = installer.split(' ')[0] ?? 'npm';
  const tool = ['npm', 'pnpm', 'yarn', 'bun'].includes(manager) ? manager : 'npm';
  const manifest = manifestIn(root);
  const own = manifest && scriptOf(manifest);
  if (own) return line(`${tool} run ${own.name}`, own.text, tool);
  const candidates = workspaces(root, manifest).flatMap((folder) => {
    const inner = manifestIn(join(root, folder));
    const script = inner?.scripts?.['dev'];
    return script === undefined ? [] : [{ folder, script }];
  });
  const [only] = candidates;
  if (only === undefined || candidates.length > 1) return null;
  return line(`cd ${shellWord(only.folder)} && ${tool} run dev`, only.script, tool);
}

function scriptOf({ scripts = {} }: Manifest): { name: string; text: string } | null {
  for (const name of ['dev', 'start']) {
    const text = scripts[name];
    if (typeof text === 'string') return { name, text };
  }
  return null;
}

/** The port as an option where the server wants one; else where servers look for it. */
function line(command: string, script: string, tool: string): string {
  // A script that names $PORT has seen to it.
  if (/\$\{?PORT\b/.test(script)) return command;
  if (BY_OPTION.test(script)) return `${command} ${tool === 'npm' ? '-- ' : ''}--port "$PORT"`;
  return command.replace(new RegExp(`${tool} run`), `PORT="$PORT" ${tool} run`);
}

function workspaces(root: string, manifest: Manifest | null): string[] {
  const listed = manifest?.workspaces;
  const globs = Array.isArray(listed)
    ? listed
    : ((listed as { packages?: readonly string[] } | undefined)?.packages ?? []);
  const patterns = [...globs, ...pnpmWorkspaces(root)].filter((pattern) => typeof pattern === 'string');
  if (patterns.length === 0) return [];
  const found = globSync(
    patterns.map((pattern) => `${pattern.replace(/\/$/, '')}/package.json`),
    {
      cwd: root,
      ignore: ['**/node_modules/**'],
      deep: 5,
    },
  );
  return found.map((file) => file.replace(/\/package\.json$/, '')).sort();
}

/** The patterns of pnpm-workspace.yaml: a list under `packages`. */
function pnpmWorkspaces(root: string): string[] {
  const file = join(root, 'pnpm-workspace.yaml');
  if (!existsSync(file)) return [];
  const text = /^packages:\s*\n((?:[ \t]*-.*\n?|[ \t]*#.*\n|\s*\n)*)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  return Array.from(text.matchAll(/^[ \t]*-[ \t]*["']?([^"'#\n]+?)["']?[ \t]*(?:#.*)?$/gm), (match) => match[1] ?? '');
}

function manifestIn(folder: string): Manifest | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Manifest) : null;
  } catch {
    return null;
  }
}
