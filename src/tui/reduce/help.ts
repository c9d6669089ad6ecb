import type { Action, Group } from '../bindings.ts';
import type { Step } from '../protocol.ts';
import type { Model } from '../state.ts';
import { allKeys } from '../view/help.ts';
import { change, closed, still } from './step.ts';

/** Rows of the view that are not the help's: header and footer. */
const FRAME = 2;

/** So many rows down, no further than there is something. */
const scroll = (model: Model, rowsOf: (page: number) => number): Step => {
  if (model.mode.kind !== 'help') return still(model);
  const page = Math.max(1, model.size.rows - FRAME);
  const last = Math.max(0, allKeys(model).length - page);
  return change(model, {
    mode: { kind: 'help', top: Math.max(0, Math.min(last, model.mode.top + rowsOf(page))) },
  });
};

/** The row at which the help of a group begins. */
export function topOf(model: Model, group: Group): number {
  const at = allKeys(model).findIndex(([first]) => first?.text === ` ${group}`);
  return Math.max(0, at);
}

/** Keys inside the help. A page leaves two rows in sight. */
export const HELP = {
  'help-down': (model) => scroll(model, () => 1),
  'help-up': (model) => scroll(model, () => -1),
  'help-page-down': (model) => scroll(model, (page) => Math.max(1, page - 2)),
  'help-page-up': (model) => scroll(model, (page) => -Math.max(1, page - 2)),
  'help-close': (model) => closed(model),
} as const satisfies Partial<Record<Action, (model: Model) => Step>>;
