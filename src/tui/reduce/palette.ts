import type { Binding } from '../bindings.ts';
import { edited } from '../edit.ts';
import { applying } from '../keys.ts';
import type { Step } from '../protocol.ts';
import type { Model } from '../state.ts';
import { change, still } from './step.ts';

/** The actions of the list that fit what was typed and would do something, as the palette offers them. */
export function paletteEntries(model: Model): readonly Binding[] {
  const words = model.mode.kind === 'palette' ? model.mode.draft.text.toLowerCase().split(/\s+/) : [];
  return applying(model, 'browse').filter(({ action, title, help }) => {
    const text = `${action} ${title} ${help}`.toLowerCase();
    return action !== 'palette' && words.every((word) => text.includes(word));
  });
}

export function paletteMove(model: Model, by: number): Step {
  if (model.mode.kind !== 'palette') return still(model);
  const last = Math.max(0, paletteEntries(model).length - 1);
  return change(model, { mode: { ...model.mode, cursor: Math.max(0, Math.min(model.mode.cursor + by, last)) } });
}

/** A key that changes what is typed. */
export function paletteKey(model: Model, key: string): Step {
  if (model.mode.kind !== 'palette') return still(model);
  const draft = edited(model.mode.draft, key);
  return draft === null ? still(model) : change(model, { mode: { kind: 'palette', draft, cursor: 0 } });
}
