import { TMUX_PREFIX } from '../config/tmux-keys.ts';
import { exit, UserError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';
import { type Action, BINDINGS, type Binding, GROUPS } from './bindings.ts';
import { readKey, shownKey } from './input/names.ts';
import type { Mode, Model } from './state.ts';

/** Keys by action, and actions by mode and key: the table as the config has it. */
export interface Keymap {
  readonly bindings: readonly Binding[];
  readonly actions: ReadonlyMap<string, Action>;
}

/**
 * The table with the keys of `keys:` in the config in place of its own; several are separated by commas.
 * @throws UserError exit 2 for an entry that names no action, a key that is none, and a key with two meanings.
 */
export function keymapOf(config: Readonly<Record<string, string>>): Keymap {
  const ours = Object.entries(config).filter(([action]) => !action.startsWith(TMUX_PREFIX));
  const own = new Map(ours.map(([action, text]) => [requireAction(action), readKeys(action, text)]));
  const bindings = BINDINGS.map((binding) => {
    const keys = own.get(binding.action);
    if (keys !== undefined) return { ...binding, keys };
    // What the config gives to another action is taken from here.
    const given = [...own].filter(([action]) => modeOf(action) === binding.mode).flatMap(([, others]) => others);
    return { ...binding, keys: binding.keys.filter((key) => !given.includes(key)) };
  });
  const actions = new Map<string, Action>();
  for (const { action, mode, keys } of bindings) {
    for (const key of keys) {
      const other = actions.get(`${mode} ${key}`);
      if (other !== undefined) throw twice(key, other, action);
      actions.set(`${mode} ${key}`, action);
    }
  }
  return { bindings, actions };
}

const modeOf = (action: Action) => BINDINGS.find((binding) => binding.action === action)?.mode ?? 'browse';

function requireAction(name: string): Action {
  const names = BINDINGS.map(({ action }) => action);
  const known = names.find((action) => action === name);
  if (known !== undefined) return known;
  const [close] = nearest(name, names, 1);
  throw new UserError({
    code: 'UNKNOWN_ACTION',
    exit: exit.usage,
    message: `'keys.${name}' in the config names no action of swarm tui. It knows: ${names.join(', ')}.`,
    hint: close === undefined ? 'swarm config get keys' : `Perhaps you mean: keys.${close}`,
    details: { action: name, known: names },
  });
}

function readKeys(action: string, text: string): string[] {
  return text.split(/,\s+|,(?=.)/).map((one) => {
    const keys = one.trim().split(/\s+/).map(readKey);
    if (keys.length <= 2 && keys.every((key) => key !== null)) return keys.join(' ');
    throw new UserError({
      code: 'BAD_KEY',
      exit: exit.usage,
      message: `'keys.${action}' in the config is '${one}', which is no key. Expected one like x, ctrl-x, alt-x, F5, space or 'g g'.`,
      hint: `keys: { ${action}: ctrl-x }`,
      details: { action, key: one },
    });
  });
}

function twice(key: string, one: string, other: string): UserError {
  return new UserError({
    code: 'KEY_TWICE',
    exit: exit.usage,
    message: `The config gives ${shownKey(key)} two meanings in swarm tui: ${one} and ${other}.`,
    hint: `Give one of keys.${one} and keys.${other} another key.`,
    details: { key, actions: [one, other] },
  });
}

/** The bindings of a mode that would do something now. */
export function applying(model: Model, mode: Mode['kind'] = model.mode.kind): readonly Binding[] {
  return model.setting.keymap.bindings.filter((binding) => binding.mode === mode && binding.applies(model));
}

/** What a key (or two) means now; null: nothing. */
export function actionOf(model: Model, key: string): Action | null {
  const action = model.setting.keymap.actions.get(`${model.mode.kind} ${key}`);
  if (action === undefined) return null;
  return applying(model).some((binding) => binding.action === action) ? action : null;
}

/** Whether the key begins a pair in this mode. */
export function beginsPair(model: Model, key: string): boolean {
  const start = `${model.mode.kind} ${key} `;
  return [...model.setting.keymap.actions.keys()].some((pair) => pair.startsWith(start));
}

/** A table for the README: each action's keys, its name in `keys:` of swarm.yaml, and what it does. */
export function keyTable(bindings: readonly Binding[] = BINDINGS): string {
  const rows = GROUPS.flatMap((group) => {
    const own = bindings.filter((binding) => binding.group === group);
    return own.length === 0 ? [] : [`| **${group}** | | |`, ...own.map(row)];
  });
  return ['| Key | Action | |', '| --- | --- | --- |', ...rows].join('\n');
}

function row({ keys, action, help }: Binding): string {
  const shown = keys.map((key) => `\`${shownKey(key).replaceAll('|', '\\|')}\``).join(' ');
  return `| ${shown} | ${action} | ${help} |`;
}
