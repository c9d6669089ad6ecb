import type { AgentDiff } from '../agents/diff.ts';
import type { Explanation } from '../agents/explain.ts';
import type { Prompt } from '../agents/history.ts';
import type { LiveAgent } from '../agents/live.ts';
import type { LogLine } from '../agents/log/log.ts';
import type { Screen } from '../agents/screen.ts';
import { type BoardState, CLOSED_BOARD } from './board.ts';
import type { Ask, Choice, Draft, Form } from './dialogs.ts';
import type { Keymap } from './keys.ts';
import type { Effect } from './protocol.ts';

export const TABS = ['screen', 'diff', 'log', 'details'] as const;
export type Tab = (typeof TABS)[number];

export const SORTS = ['attention', 'name', 'age', 'created'] as const;
export type Sort = (typeof SORTS)[number];

export const LAYOUTS = ['auto', 'stacked', 'list'] as const;
export type LayoutChoice = (typeof LAYOUTS)[number];

/** What keys mean right now. */
export type Mode =
  | { readonly kind: 'browse' }
  /** The board stands in place of list and pane. */
  | { readonly kind: 'board' }
  | { readonly kind: 'filter'; readonly before: string }
  /** Keys go to the agent. */
  | { readonly kind: 'live'; readonly agent: string }
  | { readonly kind: 'help'; readonly top: number }
  | { readonly kind: 'palette'; readonly draft: Draft; readonly cursor: number }
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'ask'; readonly ask: Ask }
  | { readonly kind: 'choose'; readonly choice: Choice };

/** What a tab shows of an agent. */
export interface TabData {
  readonly agent: string;
  readonly tab: Tab;
  readonly content:
    | { readonly kind: 'loading' }
    | { readonly kind: 'failed'; readonly message: string }
    | { readonly kind: 'diff'; readonly diff: AgentDiff }
    | { readonly kind: 'log'; readonly events: readonly LogLine[] }
    | { readonly kind: 'details'; readonly explanation: Explanation | null; readonly prompts: readonly Prompt[] };
}

/** Something that runs beside the view. */
export interface Job {
  readonly id: number;
  readonly text: string;
}

/** What an action came to: stays until a key is pressed. */
export interface Notice {
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly hint: string | null;
  /** Ids of the agents, of several, with which it failed. */
  readonly missed?: readonly string[];
}

/** What `u` takes back. */
export type Undo =
  | { readonly what: 'hide'; readonly agents: readonly string[] }
  | { readonly what: 'stop' | 'pause'; readonly agents: readonly string[] }
  | { readonly what: 'remove'; readonly names: readonly string[] };

/** Facts that stay as they are while the view is open. */
export interface Setting {
  readonly repository: string;
  /** Opened inside `display-popup`: attaching closes it. */
  readonly popup: boolean;
  /** Agent CLIs that `new` offers, the default one first. */
  readonly clis: readonly string[];
  readonly keymap: Keymap;
}

/** All that the view shows; nothing else decides what is drawn. */
export interface Model {
  readonly setting: Setting;
  readonly size: { readonly columns: number; readonly rows: number };
  /** Null until the first look. */
  readonly agents: readonly LiveAgent[] | null;
  readonly branch: string | null;
  /** Milliseconds since 1970: what ages are counted from. */
  readonly now: number;
  /** Ids of those that are listed, in their order. */
  readonly order: readonly string[];
  /** Until when the order stays as it is: somebody moves in it. Milliseconds since 1970. */
  readonly frozenUntil: number;
  readonly selected: string | null;
  readonly marked: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  readonly showHidden: boolean;
  readonly filter: string;
  readonly sort: Sort;
  readonly layout: LayoutChoice;
  /** Columns of the list beyond the usual ones. */
  readonly split: number;
  readonly listTop: number;
  readonly tab: Tab;
  /** The screen of the selected agent; null: no window. */
  readonly screen: { readonly agent: string; readonly screen: Screen | null } | null;
  readonly data: TabData | null;
  /** Lines that the pane is scrolled from where it rests: up from the end for a screen, down from the top elsewhere. */
  readonly paneTop: number;
  /** Columns that the pane is scrolled to the right. */
  readonly paneLeft: number;
  readonly mode: Mode;
  readonly board: BoardState;
  /** Forms whose action is under way, with it. */
  readonly sent: readonly { readonly form: Form; readonly effect: Effect }[];
  /** Forms whose action was refused, the newest last: what was typed is there when the same one is opened again. */
  readonly refused: readonly Form[];
  /** Questions of actions that wait until the person is back in the list. */
  readonly asks: readonly Ask[];
  /** The first key of a pair. */
  readonly pending: string | null;
  readonly jobs: readonly Job[];
  readonly notice: Notice | null;
  readonly undo: readonly Undo[];
  /** When somebody last pressed a key. Milliseconds since 1970. */
  readonly touchedAt: number;
  /** The last click on an agent: another one soon after attaches. */
  readonly clicked: { readonly agent: string; readonly at: number } | null;
}

/** The model before the first look. */
export function startModel(setting: Setting, size: Model['size'], now: number): Model {
  return {
    setting,
    size,
    agents: null,
    branch: null,
    now,
    order: [],
    frozenUntil: 0,
    selected: null,
    marked: new Set(),
    hidden: new Set(),
    showHidden: false,
    filter: '',
    sort: 'attention',
    layout: 'auto',
    split: 0,
    listTop: 0,
    tab: 'screen',
    screen: null,
    data: null,
    paneTop: 0,
    paneLeft: 0,
    mode: { kind: 'browse' },
    board: CLOSED_BOARD,
    sent: [],
    refused: [],
    asks: [],
    pending: null,
    jobs: [],
    notice: null,
    undo: [],
    touchedAt: 0,
    clicked: null,
  };
}
