import { lines, type TmuxClient } from './client.ts';
import { KEY_OPTION, SHOWN, WIDER, WIDTH_BEFORE } from './conf-lines.ts';
import { quoted } from './words.ts';

/** A key after the prefix, and what it does. */
export interface BoundKey {
  readonly key: string;
  /** tmux's own words. */
  readonly command: string;
  /** Bound by swarm. */
  readonly ours: boolean;
}

/** Keys that a running server has bound after the prefix; null when none runs. */
export async function boundKeys(client: TmuxClient): Promise<readonly BoundKey[] | null> {
  // `list-keys` would start a server.
  if ((await client.try([['list-sessions', '-F', '']])).problem !== null) return null;
  return lines(await client.run(['list-keys', '-T', 'prefix'])).flatMap(parseBinding);
}

/** Keys that a configuration binds after the prefix, as far as its lines say so themselves. */
export function keysInConfig(text: string): readonly BoundKey[] {
  const logical = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return logical.flatMap(parseBinding);
}

/** A line of `list-keys` or of a configuration; nothing for other lines and other tables. */
function parseBinding(line: string): BoundKey[] {
  const words = line.match(/"(?:\\.|[^"\\])*"|'[^']*'|\{|\}|(?:\\.|[^\s"'])+/g) ?? [];
  if (!/^(?:bind|bind-key)$/.test(words[0] ?? '')) return [];
  let index = 1;
  let table = 'prefix';
  for (; /^-[a-zA-Z]+$/.test(words[index] ?? ''); index++) {
    const flags = (words[index] ?? '').slice(1);
    if (flags.includes('n')) table = 'root';
    if (/[TN]$/.test(flags)) index++;
    if (flags.endsWith('T')) table = plain(words[index] ?? '');
  }
  if (words[index] === '--') index++;
  const key = words[index];
  if (key === undefined || table !== 'prefix') return [];
  return [{ key: plain(key), command: line.trim(), ours: line.includes(KEY_OPTION) }];
}

function plain(word: string): string {
  if (word.startsWith("'")) return word.slice(1, -1);
  return (word.startsWith('"') ? word.slice(1, -1) : word).replace(/\\(.)/g, '$1');
}

/** Keys that tmux 3.2 to 3.6 binds after the prefix as it comes: for when no server runs that could be asked. */
export const STOCK: ReadonlySet<string> = new Set(
  (
    'C-b C-o C-z Space ! " # $ % & \' ( ) , - . / 0 1 2 3 4 5 6 7 8 9 : ; < = > ? C D E L M [ ] { } ~ c d f i l m n o p q r s t w x z ' +
    'DC PPage Up Down Left Right M-1 M-2 M-3 M-4 M-5 M-6 M-7 M-n M-o M-p M-Up M-Down M-Left M-Right C-Up C-Down C-Left C-Right S-Up S-Down S-Left S-Right'
  ).split(' '),
);

/** Unbinds those keys. */
export async function unbindKeys(client: TmuxClient, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await client.script(keys.map((key) => `unbind-key -q ${quoted(key)}`));
}

/** Takes the commands of keys out of a running server. */
export async function forgetCommands(client: TmuxClient): Promise<void> {
  const options = lines((await client.try([['show-options', '-g']])).stdout).flatMap(
    (line) => line.split(' ')[0] ?? [],
  );
  const ours = options.filter((option) => option.startsWith(KEY_OPTION));
  if (ours.length > 0) await client.script(ours.map((option) => `set-option -gu ${option}`));
}

/** Takes what swarm put before the user's formats out of a running server, and gives the status line its width back. */
export async function hideStatus(client: TmuxClient): Promise<void> {
  const names = [...Object.keys(SHOWN), 'status-right-length', WIDTH_BEFORE];
  const asked = await Promise.all(names.map((name) => client.try([['show-options', '-gqv', name]])));
  const values = new Map(names.map((name, index) => [name, asked[index]?.stdout.replace(/\n$/, '') ?? '']));
  const shown = Object.entries(SHOWN).flatMap(([name, format]) => {
    const value = values.get(name) ?? '';
    return value.includes(format) ? [`set-option -g ${name} ${quoted(value.replace(format, ''))}`] : [];
  });
  const before = values.get(WIDTH_BEFORE) ?? '';
  const widened = before !== '' && Number(values.get('status-right-length')) === Number(before) + WIDER;
  const width = widened ? [`set-option -g status-right-length ${quoted(before)}`] : [];
  const all = [...shown, ...width, ...(before === '' ? [] : [`set-option -gu ${WIDTH_BEFORE}`])];
  if (all.length > 0) await client.script(all);
}
