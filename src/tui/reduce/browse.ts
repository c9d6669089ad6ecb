import type { Action } from '../bindings.ts';
import { EMPTY } from '../edit.ts';
import { frameOf } from '../frame.ts';
import type { Step } from '../protocol.ts';
import { nextNeedy } from '../select.ts';
import { LAYOUTS, type Model, SORTS, TABS, type Tab } from '../state.ts';
import { mostScroll } from '../view/pane.ts';
import { change, type Handler, reordered, still } from './step.ts';

/** Milliseconds for which the order stays as it is while the cursor moves. */
const FREEZE = 1000;

/** Selects an agent of the list; the order stays for a moment, and its pane begins where it rests. */
export function selectId(model: Model, id: string | null, now: number): Step {
  if (id === null || id === model.selected) return change(model, { frozenUntil: now + FREEZE });
  return change(model, { selected: id, frozenUntil: now + FREEZE, paneTop: 0, paneLeft: 0 });
}

/** Selects the agent so many places on, as far as the list goes. */
export function moveBy(model: Model, by: number, now: number): Step {
  const at = model.order.indexOf(model.selected ?? '');
  const to = Math.max(0, Math.min(at + by, model.order.length - 1));
  return selectId(model, model.order[to] ?? null, now);
}

/** Scrolls the pane by lines, as far as there are some. A screen rests at its end, all else at its beginning. */
export function scrollPane(model: Model, by: number): Step {
  const { pane } = frameOf(model);
  if (pane === null) return still(model);
  const wanted = model.paneTop + (model.tab === 'screen' ? -by : by);
  return change(model, { paneTop: Math.max(0, Math.min(wanted, mostScroll(model, pane))) });
}

const half = (model: Model) => Math.max(1, Math.floor(frameOf(model).list.height / 2));
const page = (model: Model) => Math.max(1, (frameOf(model).pane?.height ?? 2) - 2);
const COLUMNS = 8;

const nth =
  (index: number): Handler =>
  (model, now) =>
    selectId(model, model.order[index] ?? null, now);

/** Shows a tab, or the screen again where it is shown already. */
const toggle =
  (tab: Tab): Handler =>
  (model) =>
    change(model, { tab: model.tab === tab ? 'screen' : tab, paneTop: 0, paneLeft: 0 });

const turn =
  (by: number): Handler =>
  (model) => {
    const tab = TABS.at((TABS.indexOf(model.tab) + by) % TABS.length) ?? 'screen';
    return change(model, { tab, paneTop: 0, paneLeft: 0 });
  };

function following<T>(list: readonly T[], one: T): T {
  return list[(list.indexOf(one) + 1) % list.length] ?? one;
}

/** What each action of the list does. */
export const BROWSE = {
  down: (model, now) => moveBy(model, 1, now),
  up: (model, now) => moveBy(model, -1, now),
  first: nth(0),
  last: (model, now) => nth(model.order.length - 1)(model, now),
  'half-down': (model, now) => moveBy(model, half(model), now),
  'half-up': (model, now) => moveBy(model, -half(model), now),
  'select-1': nth(0),
  'select-2': nth(1),
  'select-3': nth(2),
  'select-4': nth(3),
  'select-5': nth(4),
  'select-6': nth(5),
  'select-7': nth(6),
  'select-8': nth(7),
  'select-9': nth(8),
  next: (model, now) => selectId(model, nextNeedy(model, 1), now),
  previous: (model, now) => selectId(model, nextNeedy(model, -1), now),
  attach: (model) =>
    model.selected === null ? still(model) : change(model, {}, { type: 'attach', agent: model.selected }),
  diff: toggle('diff'),
  log: toggle('log'),
  details: toggle('details'),
  'next-tab': turn(1),
  'previous-tab': turn(-1),
  'page-down': (model) => scrollPane(model, page(model)),
  'page-up': (model) => scrollPane(model, -page(model)),
  right: (model) => change(model, { paneLeft: model.paneLeft + COLUMNS }),
  left: (model) => change(model, { paneLeft: Math.max(0, model.paneLeft - COLUMNS) }),
  filter: (model) => change(model, { mode: { kind: 'filter', before: model.filter } }),
  clear: (model) => reordered({ ...model, filter: '', marked: new Set(), paneTop: 0, paneLeft: 0 }),
  sort: (model) => reordered({ ...model, sort: following(SORTS, model.sort) }),
  layout: (model) => change(model, { layout: following(LAYOUTS, model.layout) }),
  wider: (model) => change(model, { split: model.split + 4 }),
  narrower: (model) => change(model, { split: model.split - 4 }),
  help: (model) => change(model, { mode: { kind: 'help', top: 0 } }),
  palette: (model) => change(model, { mode: { kind: 'palette', draft: EMPTY, cursor: 0 } }),
  board: (model) =>
    change(
      model,
      { mode: { kind: 'board' }, board: { ...model.board, open: true, detailTop: 0 } },
      { type: 'board', act: { do: 'read' } },
    ),
  quit: (model) => change(model, {}, { type: 'quit' }),
} as const satisfies Partial<Record<Action, Handler>>;
