import { needsPerson } from '../agents/attention.ts';
import { entriesOf, selectedEntry } from './board.ts';
import { chosenAgents, listedAgents, selectedAgent } from './select.ts';
import type { Mode, Model } from './state.ts';
import { hasEnded } from './status.ts';

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

export const GROUPS = ['Move', 'Look', 'Talk', 'Agents', 'Team', 'View', 'Board', 'Typing and dialogs'] as const;
export type Group = (typeof GROUPS)[number];

const always = () => true;
const some = (model: Model) => selectedAgent(model) !== null;
const peopled = ({ agents }: Model) => agents !== null && agents.length > 0;
const several = (model: Model) => listedAgents(model).length > 1;
const windowed = (model: Model) => selectedAgent(model)?.agent.tmux.pane != null;
const chosen = (model: Model) => chosenAgents(model).length > 0;
const pausable = (model: Model) => chosenAgents(model).some(({ agent }) => agent.status !== 'paused');
const endable = (model: Model) => chosenAgents(model).some(({ agent }) => !hasEnded(agent.status));
const grounded = (model: Model) => selectedAgent(model)?.agent.worktree != null;
const branched = (model: Model) => selectedAgent(model)?.agent.branch != null;
const hiding = ({ hidden }: Model) => hidden.size > 0;
const undoable = ({ undo }: Model) => undo.length > 0;
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

const board = (
  keys: readonly string[],
  title: string,
  help: string,
  footer: number | null,
  applies: Bound['applies'] = always,
): Bound => ({ mode: 'board', keys, title, help, group: 'Board', footer, applies });

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
  prompt: act('Talk', ['p'], 'prompt', 'type a prompt into it, once it can take one', windowed, 20),
  broadcast: act('Talk', ['P'], 'prompt marked', 'the same prompt for all that are marked', chosen, null),
  approve: act('Talk', ['a'], 'approve', 'allow what it asks, after a look at what is pressed', asks, 5),
  answer: act('Talk', ['A'], 'answer', 'choose among the answers to its question', asks, 6),
  type: act('Talk', ['Tab'], 'type', 'live typing: every key goes to it; ctrl-q leaves', typable, 50),
  mark: act('Talk', ['Space'], 'mark', 'mark it, for what is done to several', some),
  take: act(
    'Agents',
    ['T'],
    'take over',
    'take it over: nothing that waits is typed to it; again: hand it back',
    windowed,
  ),
  new: act('Agents', ['n'], 'new', 'new agent: ticket, prompt, agent CLIs, base, branch', always, 25),
  'new-from': act('Agents', ['N'], 'new from', 'new agent from the branch of this one', branched),
  fork: act('Agents', ['f'], 'fork', 'new agent from where this one is, its uncommitted work too', grounded),
  commit: act('Agents', ['c'], 'commit', 'commit what is in its worktree, while it rests', grounded),
  merge: act('Agents', ['m'], 'merge', 'bring its work home: says what that comes to, and asks', branched),
  pull: act('Agents', ['M'], 'pull request', 'push it and open a pull request, after a look', branched),
  stop: act('Agents', ['x'], 'stop', 'end its process; worktree and branch stay', endable, 40),
  pause: act('Agents', ['C-z'], 'pause', 'free its window; the conversation stays', pausable),
  resume: act('Agents', ['r'], 'resume', 'resume it, or restart it', chosen, 45),
  rename: act('Agents', ['R'], 'rename', 'another name', some),
  remove: act('Agents', ['X'], 'remove', 'remove it with its worktree: says what would be lost, and asks', chosen),
  undo: act('Agents', ['u'], 'undo', 'take back the last removal, stop, pause or hiding', undoable, 65),
  shell: act('Agents', ['s'], 'shell', 'a shell in its worktree', grounded),
  editor: act('Agents', ['e'], 'editor', 'its worktree in an editor', grounded),
  copy: act('Agents', ['y'], 'copy', 'copy path, branch, name, or what it shows', some),
  hide: act('Team', ['z'], 'hide', 'hide it from the list, or show it again', chosen),
  'show-hidden': act('Team', ['Z'], 'show hidden', 'list the hidden ones too, or no more', hiding),
  board: act('View', ['b'], 'board', 'tasks, questions, messages and prompts that wait', always, 27),
  palette: act('View', [':', 'C-k'], 'palette', 'find an action by its name', always, 80),
  filter: act('View', ['/'], 'filter', 'filter: text, :working, @claude', peopled, 70),
  clear: act('View', ['Escape'], 'clear', 'drop filter, marks and scrolling', clearable),
  sort: act('View', ['t'], 'sort', 'next order: attention, name, age, creation', several),
  layout: act('View', ['v'], 'layout', 'next layout: as wide as fits, stacked, list only', some),
  wider: act('View', ['>'], 'wider', 'a wider list', paned),
  narrower: act('View', ['<'], 'narrower', 'a narrower list', paned),
  help: act('View', ['?'], 'help', 'all keys', always, 90),
  quit: act('View', ['q', 'C-c'], 'quit', 'leave; the agents live on', always, 95),

  'board-down': board(['j', 'Down'], 'down', 'next entry', null, listed),
  'board-up': board(['k', 'Up'], 'up', 'previous entry', null, listed),
  'board-first': board(['g g', 'Home'], 'first', 'first entry', null, listed),
  'board-last': board(['G', 'End'], 'last', 'last entry', null, listed),
  'board-page-down': board(['C-d', 'PageDown'], 'page down', 'half a page down', null, listed),
  'board-page-up': board(['C-u', 'PageUp'], 'page up', 'half a page up', null, listed),
  'board-scroll-down': board(['J', 'Right'], 'scroll down', 'scroll its details down', null, listed),
  'board-scroll-up': board(['K', 'Left'], 'scroll up', 'scroll its details up', null, listed),
  'board-answer': board(['a'], 'answer', 'answer the question', 5, onQuestion),
  'board-edit': board(['e', 'Enter'], 'edit', 'change the task, or the words of what waits; answer', 10, editable),
  'board-assign': board(['m'], 'give to', 'give the task to somebody', 20, onOpenTask),
  'board-raise': board(['+', '='], 'sooner', 'a better priority (1 is first)', 30, onOpenTask),
  'board-lower': board(['-'], 'later', 'a lower priority', 31, onOpenTask),
  'board-cancel': board(
    ['x'],
    'cancel',
    'put it back, block, fail or remove it; take back what waits',
    40,
    cancellable,
  ),
  'board-new': board(['n'], 'new task', 'add a task', 25),
  'board-help': board(['?'], 'help', 'all keys', 90),
  'board-close': board(['b', 'q', 'Escape', 'C-c'], 'close', 'back to the agents', 95),

  'type-leave': inside('live', ['C-q'], 'leave', 'leave live typing', 1),
  'form-submit': inside('form', ['Enter'], 'done', 'send, create, rename', 1),
  'form-newline': inside('form', ['M-Enter', 'C-j'], 'new line', 'a new line in a prompt', 2),
  'form-next': inside('form', ['Tab'], 'next field', 'next field', 3),
  'form-previous': inside('form', ['BTab'], 'previous field', 'previous field', null),
  'form-cancel': inside('form', ['Escape', 'C-c'], 'cancel', 'close the form, nothing is done', 4),
  yes: inside('ask', ['y'], 'yes', 'yes', null),
  no: inside('ask', ['n', 'Escape', 'Enter', 'q', 'C-c'], 'no', 'no', null),
  'choose-take': inside('choose', ['Enter'], 'take', 'take the option', 1),
  'choose-down': inside('choose', ['Down', 'C-n'], 'down', 'next option', null),
  'choose-up': inside('choose', ['Up', 'C-p'], 'up', 'previous option', null),
  'choose-cancel': inside('choose', ['Escape', 'C-c'], 'cancel', 'none of them', 3),
  'palette-take': inside('palette', ['Enter'], 'do it', 'do the action', 1),
  'palette-down': inside('palette', ['Down', 'C-n', 'Tab'], 'down', 'next action', 2),
  'palette-up': inside('palette', ['Up', 'C-p', 'BTab'], 'up', 'previous action', 3),
  'palette-close': inside('palette', ['Escape', 'C-c'], 'close', 'close the palette', 4),
  'filter-done': inside('filter', ['Enter'], 'keep', 'keep the filter', 1),
  'filter-drop': inside('filter', ['Escape', 'C-c'], 'drop', 'take the filter back', 2),
  'help-down': inside('help', ['j', 'Down'], 'down', 'a line down', 1),
  'help-up': inside('help', ['k', 'Up'], 'up', 'a line up', 2),
  'help-page-down': inside('help', ['Space', 'PageDown', 'C-d'], 'page', 'a page down', 3),
  'help-page-up': inside('help', ['PageUp', 'C-u', 'BSpace'], 'page up', 'a page up', null),
  'help-close': inside('help', ['Escape', 'q', '?', 'Enter', 'C-c'], 'close', 'close the help', 4),
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

function listed({ board: { data } }: Model): boolean {
  return entriesOf(data).length > 0;
}

function onQuestion({ board: state }: Model): boolean {
  return selectedEntry(state)?.kind === 'question';
}

function onOpenTask({ board: state }: Model): boolean {
  const entry = selectedEntry(state);
  return entry?.kind === 'task' && entry.task.status !== 'done' && entry.task.status !== 'failed';
}

function editable(model: Model): boolean {
  const entry = selectedEntry(model.board);
  if (entry?.kind === 'message') return entry.message.state === 'queued';
  return entry?.kind === 'task' ? onOpenTask(model) : entry !== null;
}

function cancellable({ board: state }: Model): boolean {
  const entry = selectedEntry(state);
  return entry !== null && (entry.kind === 'task' || entry.kind === 'prompt' || entry.message.state === 'queued');
}

function needy(model: Model): boolean {
  return listedAgents(model).some(({ agent }) => needsPerson(agent));
}

/** A question with answers is on its screen now. */
function asks(model: Model): boolean {
  return (selectedAgent(model)?.question?.options.length ?? 0) > 0;
}

function typable(model: Model): boolean {
  return windowed(model) && paned(model);
}

function clearable({ filter, marked, paneTop, paneLeft }: Model): boolean {
  return filter !== '' || marked.size > 0 || paneTop > 0 || paneLeft > 0;
}
