import { frameOf } from '../frame.ts';
import type { Mouse } from '../input/decode.ts';
import type { Rect } from '../layout.ts';
import type { Step } from '../protocol.ts';
import type { Model } from '../state.ts';
import { moveEntry } from './board.ts';
import { moveBy, scrollPane, selectId } from './browse.ts';
import { still } from './step.ts';

/** Milliseconds between two clicks that are a double one. */
const DOUBLE = 400;
const WHEEL = 3;

/** A click selects, a second one attaches, the wheel scrolls what is under it. */
export function mouse(model: Model, { what, x, y }: Mouse, now: number): Step {
  if (model.mode.kind === 'board' && what !== 'press') return moveEntry(model, what === 'wheel-up' ? -1 : 1);
  if (model.mode.kind !== 'browse') return still(model);
  const { list, pane } = frameOf(model);
  if (what !== 'press') {
    const by = what === 'wheel-up' ? -1 : 1;
    if (pane !== null && inside(pane, x, y)) return scrollPane(model, by * WHEEL);
    return inside(list, x, y) ? moveBy(model, by, now) : still(model);
  }
  const id = inside(list, x, y) ? model.order[model.listTop + y - list.y - 1] : undefined;
  if (id === undefined) return still(model);
  const again = model.clicked?.agent === id && now - model.clicked.at <= DOUBLE;
  const step = selectId({ ...model, clicked: again ? null : { agent: id, at: now } }, id, now);
  return again ? { ...step, effects: [...step.effects, { type: 'attach', agent: id }] } : step;
}

const inside = (rect: Rect, x: number, y: number) =>
  x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
