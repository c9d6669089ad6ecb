import { findRepository, type Repository } from '../../git/repository.ts';
import { UserError } from '../../lib/errors.ts';
import { stripControls } from '../../lib/text.ts';
import { userStateHome } from '../../store/open.ts';
import { paint } from '../output.ts';
import { checkAgents } from './agents.ts';
import { checkBackups } from './backups.ts';
import type { Check } from './check.ts';
import { checkConfig } from './config.ts';
import { checkGit, checkNode, checkTmux } from './programs.ts';
import { checkFolder, checkLocale, checkOperations, checkPorts } from './state.ts';
import { checkSupervisor } from './supervisor.ts';

export type { Check } from './check.ts';

/** Looks at everything that swarm needs, from a folder that need not be in a repository. Changes nothing. */
export async function examine(folder: string, env: NodeJS.ProcessEnv): Promise<Check[]> {
  const [repository, git, tmux] = await Promise.all([lookForRepository(folder), checkGit(folder), checkTmux(env)]);
  const { repo } = repository;
  const { check: configCheck, config } = await checkConfig(repo, env);
  return [
    checkNode(),
    git,
    tmux,
    ...(await checkAgents(config, env)),
    repository.check,
    configCheck,
    checkFolder('state', userStateHome(env)),
    ...(repo ? await checkSession(repo) : []),
    checkPorts(env),
    checkLocale(env),
  ];
}

async function checkSession(repo: Repository): Promise<Check[]> {
  const folder = checkFolder('session', repo.stateDir);
  return [folder, await checkOperations(repo), await checkSupervisor(repo), checkBackups(repo)];
}

async function lookForRepository(folder: string): Promise<{ repo: Repository | null; check: Check }> {
  const name = 'repository';
  const expected = 'a git repository around the current folder';
  try {
    const repo = await findRepository(folder);
    return { repo, check: { name, state: 'ok', found: repo.root, expected, mend: null } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { repo: null, check: { name, state: 'warn', found: error.message, expected, mend: error.hint } };
  }
}

/** The checks for a person: a line each, with what to do under those that need something. */
export function renderChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.map((check) => renderCheck(check, width)).join('');
}

function renderCheck({ name, state, found, expected, mend }: Check, width: number): string {
  const sign = found === null && mend !== null && state === 'ok' ? paint('dim', '○') : SIGNS[state]();
  const said = found ?? (mend === null ? expected : 'not installed');
  const what = state === 'ok' ? said : `${said}; expected ${expected}`;
  const [first = '', ...more] = stripControls(what).split('\n');
  const indent = ' '.repeat(width + 4);
  const lines = [`${sign} ${name.padEnd(width)}  ${first}`, ...more.map((line) => `${indent}${line}`)];
  if (mend !== null) lines.push(`${indent}${paint('cyan', '→')} ${mend}`);
  return lines.map((line) => `${line}\n`).join('');
}

const SIGNS = {
  ok: () => paint('green', '✓'),
  warn: () => paint('yellow', '!'),
  fail: () => paint('red', '✗'),
} as const;
