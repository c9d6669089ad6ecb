import { listedAgents, selectedAgent } from './select.ts';
import type { Mode, Model } from './state.ts';
import { needsPerson } from './status.ts';

type ModeKind = Mode['kind'];

interface Bound {
  /** In what mode the keys mean this. */
  readonly mode: ModeKind;
  /** By tmux's names; two with a blank between are pressed one after the other. The first is shown in the footer. */
  readonly keys: readonly string[];
  /** Word or two for the footer and the palette. */
  readonly title: string;
  /** For the help and the README. */
  readonly help: string;
  readonly group: Group;
  /** Whether it would do something now: what applies is shown, and nothing else is done. */
  readonly applies: (model: Model) => boolean;
  /** Place in the footer, the lowest first; null: not there. */
  readonly footer: number | null;
}

export const GROUPS = ['Move', 'Look', 'Talk', 'Agents', 'Team', 'View', 'Typing and dialogs'] as const;
export type Group = (typeof GROUPS)[number];

const always = () => true;
const some = (model: Model) => selectedAgent(model) !== null;
const several = (model: Model) => listedAgents(model).length > 1;
const windowed = (model: Model) => selectedAgent(model)?.agent.tmux.pane != null;
const paned = (model: Model) => some(model) && model.layout !== 'list' && model.size.columns >= 60;

const move = (keys: readonly string[], title: string, help: string): Bound => ({
  ...{ mode: 'browse', keys, title, help, group: 'Move', footer: null },
  applies: several,
});

const act = (
  group: Group,
  keys: readonly string[],
  title: string,
  help: string,
  applies: Bound['applies'],
  footer: number | null = null,
): Bound => ({ mode: 'browse', keys, title, help, group, applies, footer });

const inside = (
  mode: ModeKind,
  keys: readonly string[],
  title: string,
  help: string,
  footer: number | null,
): Bound => ({
  ...{ mode, keys, title, help, footer },
  group: 'Typing and dialogs',
  applies: always,
});

/** The one table of keys: it dispatches, and it makes the footer, the help, the palette and the README's table. */
const TABLE = {
  down: move(['j', 'Down'], 'down', 'next agent'),
  up: move(['k', 'Up'], 'up', 'previous agent'),
  first: move(['g g', 'Home'], 'first', 'first agent'),
  last: move(['G', 'End'], 'last', 'last agent'),
  'half-down': move(['C-d'], 'half down', 'half a page down'),
  'half-up': move(['C-u'], 'half up', 'half a page up'),
  'select-1': move(['1'], 'select 1st', 'first agent of the list'),
  'select-2': move(['2'], 'select 2nd', 'second agent'),
  'select-3': move(['3'], 'select 3rd', 'third agent'),
  'select-4': move(['4'], 'select 4th', 'fourth agent'),
  'select-5': move(['5'], 'select 5th', 'fifth agent'),
  'select-6': move(['6'], 'select 6th', 'sixth agent'),
  'select-7': move(['7'], 'select 7th', 'seventh agent'),
  'select-8': move(['8'], 'select 8th', 'eighth agent'),
  'select-9': move(['9'], 'select 9th', 'ninth agent'),
  next: act('Move', ['w'], 'next', 'next agent that needs you', needy, 30),
  previous: act('Move', ['W'], 'previous', 'previous agent that needs you', needy),
  attach: act('Look', ['Enter', 'o'], 'attach', "go to the agent's window", windowed, 10),
  diff: act('Look', ['d'], 'diff', 'what it changed, untracked files too; again: its screen', paned, 60),
  log: act('Look', ['l'], 'log', 'its history; again: its screen', paned),
  details: act('Look', ['i'], 'details', 'ports, prompts, question, and why its status; again: its screen', paned),
  'next-tab': act('Look', [']'], 'next tab', 'next tab of the pane', paned),
  'previous-tab': act('Look', ['['], 'previous tab', 'previous tab', paned),
  'page-down': act('Look', ['PageDown'], 'page down', 'scroll the pane down', paned),
  'page-up': act('Look', ['PageUp'], 'page up', 'scroll the pane up', paned),
  right: act('Look', ['Right'], 'right', 'scroll the pane to the right', paned),
  left: act('Look', ['Left'], 'left', 'scroll the pane to the left', paned),
  filter: act('View', ['/'], 'filter', 'filter: text, :working, @claude', some, 70),
  clear: act('View', ['Escape'], 'clear', 'drop filter, marks and scrolling', clearable),
  sort: act('View', ['t'], 'sort', 'next order: attention, name, age, creation', several),
  layout: act('View', ['v'], 'layout', 'next layout: as wide as fits, stacked, list only', some),
  wider: act('View', ['>'], 'wider', 'a wider list', paned),
  narrower: act('View', ['<'], 'narrower', 'a narrower list', paned),
  help: act('View', ['?'], 'help', 'all keys', always, 90),
  quit: act('View', ['q', 'C-c'], 'quit', 'leave; the agents live on', always, 95),

  'filter-done': inside('filter', ['Enter'], 'keep', 'keep the filter', 1),
  'filter-drop': inside('filter', ['Escape', 'C-c'], 'drop', 'take the filter back', 2),
  'help-down': inside('help', ['j', 'Down', 'PageDown', 'Space'], 'down', 'scroll down', 1),
  'help-up': inside('help', ['k', 'Up', 'PageUp'], 'up', 'scroll up', 2),
  'help-close': inside('help', ['Escape', 'q', '?', 'Enter', 'C-c'], 'close', 'close the help', 3),
} as const satisfies Record<string, Bound>;

/** What a key may do. */
export type Action = keyof typeof TABLE;

export interface Binding extends Bound {
  readonly action: Action;
}

/** The table, with the keys that the config gives. */
export const BINDINGS: readonly Binding[] = Object.entries(TABLE).map(([action, bound]) => ({
  ...bound,
  action: action as Action,
}));

function needy(model: Model): boolean {
  return listedAgents(model).some(({ agent }) => needsPerson(agent));
}

function clearable({ filter, marked, paneTop, paneLeft }: Model): boolean {
  return filter !== '' || marked.size > 0 || paneTop > 0 || paneLeft > 0;
}
