import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { NO_KEY, TMUX_KEYS, TMUX_PREFIX, type TmuxAction } from '../../config/tmux-keys.ts';
import type { Config } from '../../config/types.ts';
import { findRepository } from '../../git/repository.ts';
import { UserError } from '../../lib/errors.ts';
import { programRoot } from '../../lib/program.ts';
import { oneLine } from '../../lib/text.ts';
import { type BoundKey, keysInConfig, STOCK } from '../../tmux/conf-bound.ts';
import {
  bindLine,
  commandLine,
  type KeyCommand,
  menuCommand,
  type Program,
  popupCommand,
  quietCommand,
  statusLines,
} from '../../tmux/conf-lines.ts';
import { loadRepositoryConfig } from '../../workspace/settings.ts';

/** A key after tmux's prefix. */
export interface Binding {
  readonly action: TmuxAction;
  /** Null: the config gives it none. */
  readonly key: string | null;
  readonly does: string;
  /** What has the key already; null when it is free, ours, or taken over by force. */
  readonly taken: string | null;
}

const DOES: Readonly<Record<TmuxAction, string>> = {
  popup: 'the team, in a popup',
  next: 'the agent that needs you',
  spawn: 'a new agent',
  send: "a prompt to this window's agent",
  last: 'the last agent',
  menu: 'all of these, in a menu',
};

const ACTIONS = Object.keys(TMUX_KEYS) as readonly TmuxAction[];

/** The config around a folder; the user's own where there is no repository. */
export async function keysConfig(cwd: string, env: NodeJS.ProcessEnv): Promise<Config> {
  try {
    return (await loadRepositoryConfig(await findRepository(cwd), env)).config;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'NOT_A_REPOSITORY') throw error;
    return (await loadConfig({ repo: null, env, isTracked: async () => false })).config;
  }
}

/** Which key does what, and which can't, since the configuration or the running server (null: none) has it already. */
export function planKeys(
  keys: Config['keys'],
  found: { readonly text: string; readonly bound: readonly BoundKey[] | null; readonly force: boolean },
): Binding[] {
  const inConfig = keysInConfig(found.text);
  const planned: Binding[] = [];
  for (const action of ACTIONS) {
    const wanted = keys[`${TMUX_PREFIX}${action}`] ?? TMUX_KEYS[action];
    const key = wanted === NO_KEY ? null : wanted;
    const twin = planned.find((one) => one.key !== null && one.key === key);
    const other = [...inConfig, ...(found.bound ?? [])].find((one) => one.key === key && !one.ours);
    const stock = found.bound === null && key !== null && STOCK.has(key) ? 'tmux itself' : null;
    const taken = twin ? `${TMUX_PREFIX}${twin.action}` : found.force ? null : (other?.command ?? stock);
    planned.push({ action, key, does: DOES[action], taken: taken === null ? null : oneLine(taken, 120) });
  }
  return planned;
}

/** The lines for tmux: those keys that are free, and with `status` the states in its status line. */
export function keyLines(planned: readonly Binding[], status: boolean, env: NodeJS.ProcessEnv): string[] {
  const commands = commandsOf(planned, env);
  const binds = planned.map(({ action, key, does, taken }) => {
    if (key === null) return `# ${TMUX_PREFIX}${action} has no key`;
    if (taken !== null) return `# ${TMUX_PREFIX}${action} is not bound: ${key} is taken by ${taken}`;
    return bindLine(key, `swarm: ${does}`, commands[action]);
  });
  return [...ACTIONS.map((action) => commandLine(commands[action])), ...binds, ...(status ? statusLines() : [])];
}

function commandsOf(planned: readonly Binding[], env: NodeJS.ProcessEnv): Record<TmuxAction, KeyCommand> {
  const program = (...args: string[]): Program => ({ argv: [...programArgv(), ...args], env: placeOf(env) });
  const ask = { width: '80%', height: '12' };
  const commands = {
    popup: popupCommand('popup', program('tui', '--popup'), { width: '90%', height: '90%' }),
    next: quietCommand('next', program('__key', 'next')),
    spawn: popupCommand('spawn', program('__key', 'spawn'), ask),
    send: popupCommand('send', program('__key', 'send'), ask),
    last: quietCommand('last', program('__key', 'last')),
  };
  const items = planned.flatMap(({ action, key, does }) =>
    action === 'menu' ? [] : [{ name: does, key: key ?? '', command: commands[action] }],
  );
  return { ...commands, menu: menuCommand('menu', 'swarm', items) };
}

/** This swarm with this Node, wherever tmux looks for programs. */
export function programArgv(): readonly string[] {
  return [process.execPath, join(programRoot(), 'bin', 'run.js')];
}

/** Which tmux server and which state are meant, where the environment of who installs says so. */
function placeOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['SWARM_TMUX_SOCKET', 'SWARM_STATE_HOME'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
