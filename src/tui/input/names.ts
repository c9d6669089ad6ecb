const SHOWN: Readonly<Record<string, string>> = {
  Enter: '↵',
  Space: 'space',
  Escape: 'esc',
  Tab: 'tab',
  BTab: 'shift-tab',
  BSpace: 'backspace',
  Up: '↑',
  Down: '↓',
  Left: '←',
  Right: '→',
  PageUp: 'page-up',
  PageDown: 'page-down',
  Home: 'home',
  End: 'end',
  DC: 'delete',
  IC: 'insert',
};

/** A binding's key for people: `C-d` is `ctrl-d`, `g g` is `gg`. */
export function shownKey(binding: string): string {
  return binding.split(' ').map(shownOne).join('');
}

function shownOne(key: string): string {
  const [, modifiers = '', name = ''] = /^((?:[CMS]-)*)(.+)$/u.exec(key) ?? [];
  const words = modifiers.replace('C-', 'ctrl-').replace('M-', 'alt-').replace('S-', 'shift-');
  return words + (SHOWN[name] ?? name);
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SHOWN).map(([name, shown]): [string, string] => [shown, name]),
  ...Object.keys(SHOWN).map((name): [string, string] => [name.toLowerCase(), name]),
  ['return', 'Enter'],
  ['escape', 'Escape'],
  ['pageup', 'PageUp'],
  ['pagedown', 'PageDown'],
  ['del', 'DC'],
]);

/** The key that a person means in a config: `ctrl-d`, `C-d`, `space`, `F5`, `x`; null when it is no key. */
export function readKey(text: string): string | null {
  const plain = text
    .trim()
    .replace(/ctrl[-+]/gi, 'C-')
    .replace(/(?:alt|meta)[-+]/gi, 'M-')
    .replace(/shift[-+]/gi, 'S-');
  const [, modifiers = '', name = ''] = /^((?:[CMS]-)*)(.+)$/u.exec(plain) ?? [];
  const shown = NAMES.get(name);
  if (shown !== undefined && modifiers === '') return shown;
  if ([...name].length === 1) return modifiers + (modifiers.includes('C-') ? name.toLowerCase() : name);
  const known = NAMES.get(name.toLowerCase()) ?? (/^F(?:[1-9]|1[0-2])$/.test(name) ? name : undefined);
  if (modifiers === 'S-' && known === 'Tab') return 'BTab';
  return known === undefined ? null : modifiers + known;
}
