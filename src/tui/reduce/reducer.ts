import { isNews } from '../../agents/attention.ts';
import { UNSEEN } from '../../board/messages/types.ts';
import type { Action } from '../bindings.ts';
import { withData } from '../board.ts';
import { frameOf } from '../frame.ts';
import { actionOf, beginsPair } from '../keys.ts';
import { scrolledTo } from '../layout.ts';
import type { Effect, Event, Step } from '../protocol.ts';
import { agentWith, keptOrder, orderOf } from '../select.ts';
import type { Model, Tab, TabData } from '../state.ts';
import { ageOf } from '../status.ts';
import { readableOf } from '../view/board.ts';
import { ASK, chooseKey } from './ask.ts';
import { BOARD } from './board.ts';
import { BROWSE } from './browse.ts';
import { FILTER, filterKey } from './filter.ts';
import { FORM, formEnded, formKey, formPaste, reopened } from './form.ts';
import { HELP } from './help.ts';
import { mouse } from './mouse.ts';
import { paletteEntries, paletteKey, paletteMove } from './palette.ts';
import { change, closed, type Handler, still } from './step.ts';
import { WORK } from './work.ts';

/** What each action does. */
const ACTIONS: Readonly<Record<Action, Handler>> = {
  ...BROWSE,
  ...BOARD,
  ...WORK,
  ...FILTER,
  ...HELP,
  ...FORM,
  ...ASK,
  'palette-down': (model) => paletteMove(model, 1),
  'palette-up': (model) => paletteMove(model, -1),
  'palette-take': (model, now) => {
    const entry = model.mode.kind === 'palette' ? paletteEntries(model)[model.mode.cursor] : undefined;
    return entry === undefined ? closed(model) : ACTIONS[entry.action](closed(model).model, now);
  },
  'palette-close': (model) => closed(model),
};

/** The model after an event, and what it leads to. Nothing changed: the same model. */
export function reduce(model: Model, event: Event): Step {
  const step = react(model, event);
  if (step.model === model) return step;
  const next = settled(reopened(step.model, model), model);
  const wanted = wantedTab(next);
  const before = wantedTab(model);
  const changed =
    wanted !== null &&
    (before === null || wanted.agent !== before.agent || wanted.tab !== before.tab || wanted.news !== before.news);
  if (!changed) return { ...step, model: next };
  const { agent, tab } = wanted;
  const same = next.data?.agent === agent && next.data.tab === tab;
  const data = same ? next.data : { agent, tab, content: { kind: 'loading' } as const };
  return { model: { ...next, data }, effects: [...step.effects, { type: 'load', agent, tab }] };
}

/** The tab in view that must be read for, and what makes it another one: news of its agent. */
function wantedTab(model: Model): { readonly agent: string; readonly tab: Tab; readonly news: string } | null {
  const { selected: agent, tab } = model;
  if (agent === null || tab === 'screen' || model.mode.kind === 'help' || frameOf(model).pane === null) return null;
  const live = agentWith(model, agent)?.agent;
  const files = [live?.git?.head, live?.git?.dirty, live?.git?.insertions, live?.git?.deletions];
  return { agent, tab, news: JSON.stringify([live?.status, live?.reason, tab === 'diff' ? files : null]) };
}

function react(model: Model, event: Event): Step {
  switch (event.type) {
    case 'key':
      return key({ ...model, touchedAt: event.now, notice: null }, event.key, event.now);
    case 'paste':
      return paste(model, event.text);
    case 'mouse':
      return mouse({ ...model, touchedAt: event.now, notice: null }, event.mouse, event.now);
    case 'resize':
      return change(model, { size: event.size });
    case 'tick':
      return tick(model, event.now);
    case 'team': {
      const next = { ...model, agents: event.agents, now: event.now };
      return still({ ...next, order: event.now < model.frozenUntil ? keptOrder(next) : orderOf(next) });
    }
    case 'branch':
      return event.branch === model.branch ? still(model) : change(model, { branch: event.branch });
    case 'screen':
      return change(model, { screen: { agent: event.agent, screen: event.screen } });
    case 'data':
      return isAwaited(model, event.data) ? change(model, { data: event.data }) : still(model);
    case 'job': {
      const others = model.jobs.filter(({ id }) => id !== event.id);
      return change(model, { jobs: [...others, { id: event.id, text: event.text }] });
    }
    case 'job-end': {
      const jobs = model.jobs.filter(({ id }) => id !== event.id);
      const undo = event.undo === null ? model.undo : [...model.undo, event.undo];
      return change(model, { jobs, undo, notice: event.notice ?? model.notice });
    }
    case 'notice':
      return change(model, { notice: event.notice });
    case 'ended':
      return formEnded(model, event.effect, event.problem, event.missed);
    case 'ask':
      return change(model, { asks: [...model.asks, event.ask] });
    case 'board':
      return change(model, { now: event.now, board: withData(model.board, event.data) });
    case 'asks':
      return change(model, { board: { ...model.board, asks: event.count } });
  }
}

/** What was read for a tab that is out of view by now is of no use. */
const isAwaited = ({ data }: Model, read: TabData) => data?.agent === read.agent && data.tab === read.tab;

function key(model: Model, name: string, now: number): Step {
  const pair = model.pending === null ? null : actionOf(model, `${model.pending} ${name}`);
  const idle = model.pending === null ? model : { ...model, pending: null };
  if (pair !== null) return ACTIONS[pair](idle, now);
  const action = actionOf(idle, name);
  if (action !== null) return ACTIONS[action](idle, now);
  if (beginsPair(idle, name)) return change(idle, { pending: name });
  switch (idle.mode.kind) {
    case 'filter':
      return filterKey(idle, name);
    case 'form':
      return formKey(idle, name);
    case 'palette':
      return paletteKey(idle, name);
    case 'choose':
      return chooseKey(idle, name);
    case 'live':
      return change(idle, {}, { type: 'keys', agent: idle.mode.agent, input: { kind: 'key', key: name } });
    default:
      return still(idle);
  }
}

function paste(model: Model, text: string): Step {
  const { mode } = model;
  if (mode.kind === 'live')
    return change(model, {}, { type: 'keys', agent: mode.agent, input: { kind: 'paste', text } });
  if (mode.kind === 'form') return formPaste(model, text);
  const line = text.replace(/\s+/g, ' ').trim();
  return mode.kind === 'filter' ? filterKey(model, line, true) : still(model);
}

/** Milliseconds after which the ages on the board are drawn anew. */
const AGES = 10_000;

/** Time goes by: ages grow, a frozen order thaws, and what was looked at long enough is seen. */
function tick(model: Model, now: number): Step {
  const thaws = model.frozenUntil > 0 && now >= model.frozenUntil;
  const older = model.agents?.some(({ agent }) => ageOf(agent, now) !== ageOf(agent, model.now)) ?? false;
  const aged = model.board.open && Math.floor(now / AGES) !== Math.floor(model.now / AGES);
  const seen = seenNow(model, now);
  const read = readNow(model, now);
  const effects: Effect[] = [
    ...(seen === null ? [] : [{ type: 'seen', agent: seen } as const]),
    ...(read.length === 0 ? [] : [{ type: 'read', messages: read } as const]),
  ];
  if (!thaws && !older && !aged) return { model: seen === null ? model : { ...model, touchedAt: 0 }, effects };
  const next = { ...model, now, touchedAt: seen === null ? model.touchedAt : 0 };
  return { model: thaws ? { ...next, frozenUntil: 0, order: orderOf(next) } : next, effects };
}

/** Milliseconds after which what somebody came to look at, an agent or a message, has been seen. */
const SEEN = 1000;

function seenNow(model: Model, now: number): string | null {
  const agent = model.agents?.find((live) => live.agent.id === model.selected)?.agent;
  if (agent === undefined || !isNews(agent) || model.tab !== 'screen' || frameOf(model).pane === null) return null;
  const looked = model.touchedAt > Date.parse(agent.since) && now - model.touchedAt >= SEEN;
  return looked ? agent.id : null;
}

/** Messages to the person that were before their eyes for long enough since they came. */
function readNow(model: Model, now: number): string[] {
  const { board, mode, touchedAt } = model;
  if (!board.open || mode.kind !== 'board' || now - touchedAt < SEEN) return [];
  const fresh = board.data?.messages.filter(
    ({ to, state, createdAt }) =>
      to === 'person' && UNSEEN.some((one) => one === state) && Date.parse(createdAt) < touchedAt,
  );
  if (fresh === undefined || fresh.length === 0) return [];
  const readable = readableOf(model, frameOf(model).list);
  return readable.filter((message) => fresh.includes(message)).map(({ id }) => id);
}

/** The cursor is on somebody who is listed, and the list shows it; marks are only of those who are there. */
function settled(model: Model, before: Model): Model {
  const { order, selected } = model;
  const at = selected === null ? -1 : order.indexOf(selected);
  const former = Math.max(0, before.order.indexOf(selected ?? ''));
  const index = at >= 0 ? at : Math.min(former, order.length - 1);
  const chosen = order[index] ?? null;
  const same = model.agents === before.agents;
  const marked = same ? model.marked : new Set([...model.marked].filter((id) => has(model, id)));
  const next = { ...model, marked, selected: chosen, ...modeOf(model) };
  const list = frameOf(next).list;
  return { ...next, listTop: scrolledTo(model.listTop, Math.max(0, index), list.height - 1, order.length) };
}

/** Live typing ends with its agent; in the list or the board, a question that waits is asked. */
function modeOf({ mode, asks: [ask, ...asks], agents, touchedAt }: Model): Pick<Model, 'mode'> & Partial<Model> {
  const home = mode.kind === 'live' && !has({ agents }, mode.agent) ? ({ kind: 'browse' } as const) : mode;
  if (ask === undefined || (home.kind !== 'browse' && home.kind !== 'board')) return { mode: home };
  return { mode: { kind: 'ask', ask: { ...ask, since: Math.max(ask.since, touchedAt) } }, asks };
}

const has = ({ agents }: Pick<Model, 'agents'>, id: string) => agents?.some(({ agent }) => agent.id === id) ?? false;
