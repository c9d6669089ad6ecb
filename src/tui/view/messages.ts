import type { Model } from '../state.ts';
import { cut, type Line, span } from './span.ts';

/** Rows of a failure that are shown at most. */
const MOST = 6;

/** What runs beside the view, and what the last action came to. */
export function messageLines({ jobs, notice }: Pick<Model, 'jobs' | 'notice'>, width: number): readonly Line[] {
  const running = jobs.slice(-3).map(({ text }): Line => [span(cut(` … ${text}`, width), { dim: true })]);
  if (notice === null) return running;
  const colour = notice.level === 'error' ? 'red' : 'green';
  const mark = notice.level === 'error' ? ' ✗ ' : ' ✓ ';
  const said = notice.message
    .split('\n')
    .slice(0, MOST)
    .map((text, index): Line => [span(cut(`${index === 0 ? mark : '   '}${text}`, width), { colour })]);
  const hint: Line[] = notice.hint === null ? [] : [[span(cut(` → ${notice.hint}`, width), { colour: 'cyan' })]];
  return [...running, ...said, ...hint];
}
