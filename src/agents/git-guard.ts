import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configParameter, configValue, includeBelow, PARAMETERS } from '../git/parameters.ts';
import { isSince } from '../git/version.ts';
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

/** What {@link guardGit} puts into an agent's environment. */
const GUARD = / ?'includeIf\.gitdir:(?:[^']|'\\['!]')*'='(?:[^']|'\\['!]')*\/swarm\/agents\/[^'/]+\/git\/config'/g;

/**
 * Has the git of an agent's own process run hooks/git/reference-transaction beside all hooks of the user, and writes
 * into the agent's folder what that takes. Answers the variables for its environment: none for a leader, without a
 * worktree, and where nothing can be added to the hooks. The user's config, hooks and repository stay as they are.
 */
export function guardGit(
  session: Session,
  row: AgentRow,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const { repo, config } = session;
  const { worktree } = row;
  if (!config.worktrees.guard || worktree === null || row.role === 'leader') return {};
  const folder = join(agentFolder(repo, row), 'git');
  const file = join(folder, 'config');
  const ours = configParameter(includeBelow(repo.commonDir), file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const guard = join(folder, 'reference-transaction');
  put(guard, hook('reference-transaction'), 0o700);
  if (isSince(repo.gitVersion, ...CONFIGURED_HOOKS)) {
    // Where the agent's folder is gone before its last process, git goes on without it.
    const command = `test ! -e ${shellWord(guard)} || ${shellWord(guard)}`;
    put(file, section('hook "swarm"', { event: 'reference-transaction', command }), 0o600);
  } else {
    if (WANTS_THE_FOLDER.some((name) => existsSync(join(worktree, name)))) return {};
    put(join(folder, 'own'), `ours=${shellWord(ours)}\n`, 0o600);
    // hooks/git/chain keeps there what it found since the last start.
    rmSync(join(folder, 'transaction'), { force: true });
    const hooks = join(folder, 'hooks');
    mkdirSync(hooks, { recursive: true, mode: 0o700 });
    const chain = hook('chain');
    const there = new Map(readdirSync(hooks).map((name) => [name, readFileSync(join(hooks, name), 'utf8')]));
    for (const name of HOOKS) {
      const before = there.get(name);
      // What a tool has put there since is a hook that the agent's worktree wants.
      if (before === undefined || before.startsWith(chain.slice(0, MARK))) put(join(hooks, name), chain, 0o700);
    }
    put(file, section('core', { hooksPath: hooks }), 0o600);
  }
  const others = env[PARAMETERS];
  return { [PARAMETERS]: others ? `${others} ${ours}` : ours };
}

/** The value of GIT_CONFIG_PARAMETERS without what guards an agent: one that starts another must not hand its own on. */
export function withoutGuard(parameters: string): string {
  return parameters.replace(GUARD, '').trimStart();
}

/** Characters of hooks/git/chain by which an older copy of it is known. */
const MARK = 64;

function hook(name: string): string {
  return readFileSync(join(programRoot(), 'hooks', 'git', name), 'utf8');
}

function section(name: string, values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([key, value]) => `\t${key} = ${configValue(value)}\n`);
  return `[${name}]\n${lines.join('')}`;
}

function put(file: string, content: string, mode: number): void {
  writeFileSync(file, content, { mode });
  chmodSync(file, mode);
}
