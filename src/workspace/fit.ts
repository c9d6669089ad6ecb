import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../git/git.ts';
import { shellWord } from '../lib/text.ts';
import { devCommand } from './fit-dev.ts';

/** What a repository has that its swarm.yaml should know. */
export interface Fit {
  readonly copy: readonly string[];
  readonly exclude: readonly string[];
  readonly postCreate: readonly string[];
  readonly dev: string | null;
}

/** What installs the dependencies, by the file that pins them; the first that is there counts for each language. */
const INSTALLERS: readonly (readonly [lockfile: string, command: string, language: string])[] = [
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile', 'js'],
  ['bun.lock', 'bun install --frozen-lockfile', 'js'],
  ['bun.lockb', 'bun install --frozen-lockfile', 'js'],
  ['.yarnrc.yml', 'yarn install --immutable', 'js'],
  ['yarn.lock', 'yarn install --frozen-lockfile', 'js'],
  ['package-lock.json', 'npm ci', 'js'],
  ['npm-shrinkwrap.json', 'npm ci', 'js'],
  ['package.json', 'npm install', 'js'],
  ['uv.lock', 'uv sync', 'python'],
  ['poetry.lock', 'poetry install', 'python'],
  ['Pipfile.lock', 'pipenv sync', 'python'],
  ['requirements.txt', 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt', 'python'],
  ['Gemfile.lock', 'bundle install', 'ruby'],
  ['composer.lock', 'composer install', 'php'],
  ['mix.lock', 'mix deps.get', 'elixir'],
  ['Cargo.lock', 'cargo fetch --locked', 'rust'],
  ['go.sum', 'go mod download', 'go'],
];

const ENV_FILE = /(?:^|\/)(?:\.env|\.env\.[^/]+|\.envrc|\.dev\.vars)$/;
/** Environment files that are examples of themselves, and those that no agent should have. */
const EXAMPLE = /\.(?:example|sample|template|dist|schema|defaults?)$/;
const SECRET = /\.prod(?:uction)?(?:\.|$)/;

/** Looks at a repository's root, and one level below it for parts that are installed on their own. */
export async function fitTo(root: string): Promise<Fit> {
  const own = installers(root);
  const parts = folders(root).flatMap((folder) => {
    // A workspace is installed with the root, and has no lockfile of its own.
    const commands = installers(join(root, folder)).filter((command) => command !== 'npm install');
    return commands.map((command) => `cd ${shellWord(folder)} && ${command}`);
  });
  const envFiles = await untrackedEnvFiles(root);
  const secret = envFiles.filter((file) => SECRET.test(file));
  return {
    copy: envFiles.filter((file) => !secret.includes(file)),
    exclude: secret,
    postCreate: [...own, ...parts],
    dev: devCommand(root, own[0] ?? 'npm install'),
  };
}

function installers(folder: string): string[] {
  const found = INSTALLERS.filter(([file]) => existsSync(join(folder, file)));
  return found
    .filter(([, , language], index) => found.findIndex(([, , other]) => other === language) === index)
    .map(([, command]) => command);
}

function folders(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(?:\..*|node_modules|vendor|target|dist|build)$/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** `.env*` files that git does not have, so that a new worktree lacks them; not those in folders that git has nothing of. */
async function untrackedEnvFiles(root: string): Promise<string[]> {
  // Without a pathspec, folders that git has nothing of stay one entry each: node_modules is not walked.
  const others = await git(root).run(['ls-files', '-z', '--others', '--directory']);
  return others
    .split('\0')
    .filter((file) => ENV_FILE.test(file) && !EXAMPLE.test(file))
    .sort();
}
