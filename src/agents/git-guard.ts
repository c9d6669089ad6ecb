import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultBranch } from '../git/branches.ts';
import { configParameter, configSection, includeIn, PARAMETERS } from '../git/parameters.ts';
import { isSince } from '../git/version.ts';
import { linkedGitDir } from '../git/worktrees.ts';
import { programRoot } from '../lib/program.ts';
import { shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import { agentFolder, type Session } from './session.ts';

/** git runs configured hooks (`hook.<name>.event`) beside those of the hooks folder since 2.54 (April 2026). */
const CONFIGURED_HOOKS = [2, 54] as const;

/** Hooks that git looks for in its hooks folder (githooks(5) of 2.55); `fsmonitor-watchman` is named by config alone. */
const HOOKS = [
  ...['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-commit', 'pre-merge-commit', 'prepare-commit-msg'],
  ...['commit-msg', 'post-commit', 'pre-rebase', 'post-checkout', 'post-merge', 'pre-push', 'pre-receive', 'update'],
  ...['proc-receive', 'post-receive', 'post-update', 'reference-transaction', 'push-to-checkout', 'pre-auto-gc'],
  ...['post-rewrite', 'sendemail-validate', 'p4-changelist', 'p4-prepare-changelist', 'p4-post-changelist'],
  'p4-pre-submit',
];

/**
 * pre-commit refuses to install its hooks where a hooks folder is configured, and there is no other way to add a hook
 * to a git that old.
 */
const WANTS_THE_FOLDER = ['.pre-commit-config.yaml', '.pre-commit-config.yml'];

/** Characters of hooks/git/chain by which an older copy of it is known. */
const MARK = 64;

/** What {@link guardGit} puts into an agent's environment. */
const GUARD = / ?'includeIf\.gitdir:(?:[^']|'\\['!]')*'='(?:[^']|'\\['!]')*\/swarm\/agents\/[^'/]+\/git\/config'/g;

/**
 * Has the git of an agent's own process run hooks/git/reference-transaction beside all hooks of the user, and writes
 * into the agent's folder what that takes. Answers the variables for its environment: none for a leader, without a
 * worktree, and where nothing can be added to the hooks. The user's config, hooks and repository stay as they are.
 */
export async function guardGit(
  session: Session,
  row: AgentRow,
  env: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { repo, config } = session;
  const { worktree } = row;
  if (!config.worktrees.guard || worktree === null || row.role === 'leader') return {};
  const isNew = isSince(repo.gitVersion, ...CONFIGURED_HOOKS);
  if (!isNew && WANTS_THE_FOLDER.some((name) => existsSync(join(worktree, name)))) return {};
  const folder = join(agentFolder(repo, row), 'git');
  const ours = includeIn(repo.commonDir)
    .map((key) => configParameter(key, join(folder, 'config')))
    .join(' ');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  put(join(folder, 'reference-transaction'), hook('reference-transaction'), 0o700);
  // The remote's is known to git, but there may be no remote, or none whose default was ever fetched.
  const home = [await defaultBranch(repo), config.merge.into].filter((name) => name !== null);
  put(join(folder, 'home'), home.map((name) => `${name}\n`).join(''), 0o600);
  const section = isNew ? configuredHook(folder) : hooksFolder(folder, { ours, worktree, common: repo.commonDir });
  put(join(folder, 'config'), section, 0o600);
  const others = env[PARAMETERS];
  return { [PARAMETERS]: others ? `${others} ${ours}` : ours };
}

/** Where the agent's folder is gone before its last process, git goes on without it. */
function configuredHook(folder: string): string {
  const guard = shellWord(join(folder, 'reference-transaction'));
  return configSection('hook "swarm"', { event: 'reference-transaction', command: `test ! -e ${guard} || ${guard}` });
}

/** A hooks folder in place of the user's, whose hooks run the user's. */
function hooksFolder(
  folder: string,
  { ours, worktree, common }: { readonly ours: string; readonly worktree: string; readonly common: string },
): string {
  const own = { ours, top: worktree, common, admin: linkedGitDir(worktree) ?? common };
  const lines = Object.entries(own).map(([name, value]) => `${name}=${shellWord(value)}\n`);
  put(join(folder, 'own'), lines.join(''), 0o600);
  // hooks/git/chain keeps there what it found since the last start.
  for (const name of ['folder', 'folder.at']) rmSync(join(folder, name), { force: true });
  const hooks = join(folder, 'hooks');
  mkdirSync(hooks, { recursive: true, mode: 0o700 });
  const chain = hook('chain');
  const there = new Map(readdirSync(hooks).map((name) => [name, readFileSync(join(hooks, name), 'utf8')]));
  for (const name of HOOKS) {
    const before = there.get(name);
    // What a tool has put there since is a hook that the agent's worktree wants.
    if (before === undefined || before.startsWith(chain.slice(0, MARK))) put(join(hooks, name), chain, 0o700);
  }
  return configSection('core', { hooksPath: hooks });
}

/** The value of GIT_CONFIG_PARAMETERS without what guards an agent: one that starts another must not hand its own on. */
export function withoutGuard(parameters: string): string {
  return parameters.replace(GUARD, '').trimStart();
}

function hook(name: string): string {
  return readFileSync(join(programRoot(), 'hooks', 'git', name), 'utf8');
}

function put(file: string, content: string, mode: number): void {
  writeFileSync(file, content, { mode });
  chmodSync(file, mode);
}
