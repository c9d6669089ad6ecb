import { join } from 'node:path';
import { oneLine } from '../../lib/text.ts';
import type { Guarded, HookState, StartOptions } from './types.ts';

/** Bytes of a first prompt that are passed as an argument; longer ones are typed. Linux caps one argument at 128 KiB. */
const ARGUMENT_LIMIT = 100_000;

/** The first prompt when it fits into an argument, else null. */
export function promptArgument(prompt: string | null): string | null {
  if (prompt === null || prompt === '' || Buffer.byteLength(prompt) > ARGUMENT_LIMIT) return null;
  return prompt;
}

/** The value of an option in the user's arguments (`--name value`, `--name=value`); '' for one that has none; null when absent. */
export function optionIn(args: readonly string[], ...names: readonly string[]): string | null {
  for (const [index, arg] of args.entries()) {
    if (arg === '--') return null;
    if (names.includes(arg)) {
      const value = args[index + 1];
      return value === undefined || value.startsWith('-') ? '' : value;
    }
    const name = names.find((candidate) => arg.startsWith(`${candidate}=`));
    if (name !== undefined) return arg.slice(name.length + 1);
  }
  return null;
}

/** What hook commands read: the settings files hold names only, so that no path becomes part of a shell's text. */
export function hookEnv(options: Pick<StartOptions, 'reportHook' | 'spool'>): Record<string, string> {
  return { SWARM_HOOK: options.reportHook, SWARM_SPOOL: options.spool };
}

/** A settings file of the agent's own. */
export function settingsFile(options: Pick<StartOptions, 'agentDir'>, name: string, settings: object) {
  return { path: join(options.agentDir, 'hooks', name), content: `${JSON.stringify(settings, null, 2)}\n` };
}

/** A guard that puts a space before a leading character of `leading`, and one after a backslash at the end. */
export function guardFor(leading: string, trailingBackslash: boolean): (text: string) => Guarded {
  return (text) => {
    const before = leading.includes(text.charAt(0)) && text !== '' ? ' ' : '';
    const after = trailingBackslash && text.endsWith('\\') ? ' ' : '';
    const changes = [
      before === '' ? '' : `a space before the leading '${text.charAt(0)}'`,
      after === '' ? '' : "a space after the trailing '\\'",
    ].filter(Boolean);
    return { text: before + text + after, changed: changes.length === 0 ? null : changes.join(' and ') };
  };
}

/** What any of the measured TUIs takes for a command, a file or a shortcut when it comes first. */
export const COMMAND_CHARACTERS = '!/#@?';

/** Empties a box of several lines: the line up to its start, then the line break before it. Harmless on an empty box. */
export const CLEAR_LINES: readonly string[] = Array.from({ length: 24 }, () => ['C-u', 'BSpace']).flat();

/** Reads a field of a hook's payload that should be a text. */
export function textField(payload: unknown, name: string): string | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const value: unknown = Reflect.get(payload, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A hook's event; without more it says nothing but its name. */
export function hookState(state: HookState['state'], detail: string, rest: Partial<HookState> = {}): HookState {
  // Names of tools are the CLI's, or of a server that it talks to: any text.
  return { state, detail: oneLine(detail, 120), prompt: null, conversation: null, answer: null, ...rest };
}
