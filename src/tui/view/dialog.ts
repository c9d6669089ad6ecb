import type { Model } from '../state.ts';
import { type Line, span } from './span.ts';

/** What stands above the footer while the person is asked something or types. */
export function dialogLines(model: Model, _width: number): readonly Line[] {
  const { mode } = model;
  if (mode.kind === 'filter') return [[span(' / ', { colour: 'cyan', bold: true }), span(model.filter), span('█')]];
  return [];
}
