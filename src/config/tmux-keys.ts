/** What a key after tmux's prefix can do, and its default. All are free in tmux as it comes, up to 3.6. */
export const TMUX_KEYS = {
  popup: 'S',
  next: 'W',
  spawn: 'N',
  send: 'P',
  last: 'B',
  menu: 'A',
} as const;

export type TmuxAction = keyof typeof TMUX_KEYS;

/** Before an action's name in `keys:`, where those of `swarm tui` have none. */
export const TMUX_PREFIX = 'tmux.';
/** In place of a key: the action gets none. */
export const NO_KEY = 'none';

const NAMED =
  'F[1-9]|F1[0-2]|Up|Down|Left|Right|Home|End|PPage|NPage|PageUp|PageDown|IC|DC|Insert|Delete|Tab|BTab|BSpace|Enter|Escape|Space';
const TMUX_KEY = new RegExp(`^(?:[CMS]-){0,3}(?:[!-~]|${NAMED})$`);

/** Whether tmux knows the key by this name. */
export function isTmuxKey(name: string): boolean {
  return TMUX_KEY.test(name);
}
