import { randomInt } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { git } from '../../git/git.ts';
import { programRoot } from '../../lib/program.ts';
import { insideAgentWindow } from '../../workspace/insider.ts';

/** A machine of its own for the demo: repository, home, swarm's state, tmux server. Everything is below `dir`. */
export interface Scratch {
  readonly dir: string;
  readonly repo: string;
  readonly home: string;
  readonly stateHome: string;
  /** Where the scripted agents keep what was said to them. */
  readonly conversations: string;
  /** `tmux -L` name. */
  readonly socket: string;
  /** The whole environment of what runs in it. */
  readonly env: Readonly<Record<string, string>>;
}

/** The user's own git settings (signing, hooks, templates) are none of the demo's business. */
const PLAIN_GIT = { GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_COUNT: '0' } as const;

/** How much swarm logs, and where tmux has its sockets: about the machine, not about anybody's work. */
const KEPT: readonly string[] = ['SWARM_LOG_LEVEL', 'TMUX_TMPDIR'];

/** Git in a folder of the scratch machine. */
export function scratchGit(dir: string): (...args: string[]) => Promise<string> {
  const here = git(dir);
  return (...args) => here.run(args, { env: PLAIN_GIT });
}

/** Makes the folder: from here on there is something to clean up. */
export function makeScratch(env: NodeJS.ProcessEnv): Scratch {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'swarm-demo-')));
  const place = {
    dir,
    repo: join(dir, 'greeter'),
    home: join(dir, 'home'),
    stateHome: join(dir, 'state'),
    conversations: join(dir, 'conversations'),
    socket: basename(dir),
  };
  return { ...place, env: environment(env, place) };
}

/**
 * Puts the repository into it: one commit, an `.env` and settings of this machine that git does not know. The team's
 * swarm.yaml is committed, so that its hook needs consent; not inside an agent's window, where nobody can give it.
 */
export async function fillScratch({ repo, home, conversations }: Scratch): Promise<void> {
  const template = join(programRoot(), 'templates', 'demo');
  for (const folder of [home, repo]) mkdirSync(folder);
  for (const name of readdirSync(join(template, 'repo')))
    copyFileSync(join(template, 'repo', name), join(repo, name.replace(/^dot-/, '.')));
  writeFileSync(join(repo, 'swarm.local.yaml'), localSettings(join(template, 'team.yaml'), conversations));
  const inRepo = scratchGit(repo);
  await inRepo('init', '--quiet', '--template=', '--initial-branch=main');
  // In the repository's own settings, so that agents can commit on a machine whose git knows no name.
  for (const [key, value] of [
    ['user.name', 'Swarm Demo'],
    ['user.email', 'demo@example.invalid'],
    ['commit.gpgSign', 'false'],
    ['core.hooksPath', devNull],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
  ] as const)
    await inRepo('config', key, value);
  const insider = await insideAgentWindow({ env: process.env, agentPids: [] });
  await inRepo('add', '--all', '--', '.', ...(insider ? [':(exclude)swarm.yaml'] : []));
  await inRepo('commit', '--quiet', '--message', 'Begin');
}

/** Settings of a machine, not of a team: git does not track them, so they need no consent. JSON is YAML. */
function localSettings(script: string, conversations: string): string {
  // Ports of its own: another demo may run, and other agents' leases are in another state folder.
  const first = randomInt(100, 300) * 100;
  const scripted = { prompt: 'paste', args: ['--script', script], env: { SWARM_SCRIPTED_HOME: conversations } };
  return `${JSON.stringify({ ports: { range: `${first}-${first + 99}` }, agents: { scripted } }, null, 2)}\n`;
}

/** The caller's environment without whatever leads git, tmux or swarm to the caller's own things. */
function environment(
  env: NodeJS.ProcessEnv,
  { home, stateHome, socket }: Pick<Scratch, 'home' | 'stateHome' | 'socket'>,
): Record<string, string> {
  const stays = (name: string) => KEPT.includes(name) || !/^(?:SWARM_|TMUX(?:_|$)|GIT_|XDG_)/.test(name);
  const kept = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined && stays(pair[0]));
  const caches = env['XDG_CACHE_HOME'] || (env['HOME'] && join(env['HOME'], '.cache'));
  return {
    ...Object.fromEntries(kept),
    ...PLAIN_GIT,
    HOME: home,
    // Compiled code of swarm's that is there already.
    ...(caches ? { XDG_CACHE_HOME: caches } : {}),
    SWARM_STATE_HOME: stateHome,
    SWARM_TMUX_SOCKET: socket,
    // The agents run `node`: this one.
    PATH: [dirname(process.execPath), env['PATH'] ?? ''].join(delimiter),
  };
}
