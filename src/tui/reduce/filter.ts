import type { Action } from '../bindings.ts';
import type { Step } from '../protocol.ts';
import type { Model } from '../state.ts';
import { change, reordered, still } from './step.ts';

/** Keys that end the typing of a filter. */
export const FILTER = {
  'filter-done': (model) => change(model, { mode: { kind: 'browse' } }),
  'filter-drop': (model) =>
    reordered({ ...model, mode: { kind: 'browse' }, filter: model.mode.kind === 'filter' ? model.mode.before : '' }),
} as const satisfies Partial<Record<Action, (model: Model) => Step>>;

/** A key that changes the filter, or a pasted text; the list follows at once. */
export function filterKey(model: Model, key: string, pasted = false): Step {
  const typed = key === 'Space' ? ' ' : key;
  if (key === 'BSpace') return reordered({ ...model, filter: [...model.filter].slice(0, -1).join('') });
  if (key === 'C-u' || key === 'C-w') return reordered({ ...model, filter: '' });
  return [...typed].length === 1 || pasted ? reordered({ ...model, filter: model.filter + typed }) : still(model);
}
