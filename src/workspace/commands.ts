import { sourceOf } from '../config/load.ts';
import type { Config, ConfigSource, HookName, LoadedConfig } from '../config/types.ts';

/** A key of the config that names programs, or changes which ones run. */
export interface CommandItem {
  /** As written: `hooks.post_create`, `agents.mybot.command`. */
  readonly key: string;
  /** What it holds; the commands of a hook are one whole, so that a reordered list asks again. */
  readonly value: CommandValue;
  readonly source: ConfigSource;
}

export type CommandValue = string | readonly string[] | Readonly<Record<string, string>>;

/** Hooks by their key in the file. */
export const HOOK_KEYS: Readonly<Record<HookName, string>> = {
  postCreate: 'hooks.post_create',
  preRemove: 'hooks.pre_remove',
  postRemove: 'hooks.post_remove',
  postMerge: 'hooks.post_merge',
  onWaiting: 'hooks.on_waiting',
  onIdle: 'hooks.on_idle',
  onDone: 'hooks.on_done',
  onFailed: 'hooks.on_failed',
};

/** Every key that names programs and says something, with where that was said. */
export function commandItems(loaded: LoadedConfig): CommandItem[] {
  const { config } = loaded;
  const said: [string, CommandValue | null][] = [
    ...Object.entries(HOOK_KEYS).map(([name, key]): [string, CommandValue] => [key, config.hooks[name as HookName]]),
    ['dev.command', config.dev.command],
    ['tickets.command', config.tickets.command],
    ['merge.gate', config.merge.gate],
    ['merge.checkpoint', config.merge.checkpoint],
    ['tmux.panes', config.tmux.panes.map(({ command }) => command)],
    ['approvals.allow', approvals(config)],
    // Lets an agent CLI run what the repository tells it to: its own hooks and servers.
    ['dialogs.trust', config.dialogs.trust === 'accept' ? 'accept' : null],
    ...Object.entries(config.agents).flatMap(([name, cli]) => agentItems(name, cli)),
  ];
  return said.flatMap(([key, value]) =>
    value === null || Object.keys(value).length === 0 ? [] : [{ key, value, source: sourceOf(loaded, key) }],
  );
}

/** What is allowed, and what is taken from that again: without its denials, a consent would allow more than was read. */
function approvals({ approvals: { allow, deny } }: Config): readonly string[] {
  return allow.length === 0 ? [] : [...allow, ...deny.map((rule) => `never: ${rule}`)];
}

function agentItems(name: string, cli: Config['agents'][string]): [string, CommandValue | null][] {
  return [
    [`agents.${name}.command`, cli.command],
    [`agents.${name}.args`, cli.args],
    [`agents.${name}.env`, cli.env],
    [`agents.${name}.resume`, cli.resume],
  ];
}

/** Whether a key is one of those asked for, or below one: `hooks` covers `hooks.post_create`. */
export function isCovered(key: string, keys: readonly string[]): boolean {
  return keys.some((asked) => key === asked || key.startsWith(`${asked}.`));
}

/** The command lines of a value, as a person reads them. */
export function linesOf(value: CommandValue, key: string): string[] {
  if (typeof value === 'string') return [value];
  if (!isList(value)) return Object.entries(value).map(([name, text]) => `${name}=${text}`);
  // An argv is one command; the rest are lists of them.
  return key.startsWith('agents.') ? [JSON.stringify(value)] : [...value];
}

/** Command lines in which the repository's scripts are looked for. */
export function scriptTexts({ key, value }: Pick<CommandItem, 'key' | 'value'>): string[] {
  if (typeof value === 'string') return [value];
  if (!isList(value)) return [];
  return key.startsWith('agents.') ? [value.map((word) => `"${word}"`).join(' ')] : [...value];
}

export function isList(value: CommandValue): value is readonly string[] {
  return Array.isArray(value);
}
