import { shownKey } from '../input/names.ts';
import { applying } from '../keys.ts';
import type { Model } from '../state.ts';
import { fitLine, type Line, lineWidth, span } from './span.ts';

/** The keys that do something now, the most wanted first, as many as fit; help and quit are always among them. */
export function footerLine(model: Model, width: number): Line {
  const shown = applying(model)
    .filter(({ footer }) => footer !== null)
    .toSorted((a, b) => (a.footer ?? 0) - (b.footer ?? 0))
    .map(({ keys: [key = ''], action, title, footer }) => {
      const word = action === 'form-submit' && model.mode.kind === 'form' ? model.mode.form.submit : title;
      return { footer, line: keyHint(shownKey(key), word) };
    });
  const excess = () => shown.reduce((sum, { line }) => sum + lineWidth(line), 1) - width;
  while (excess() > 0 && shown.length > 1) {
    const last = shown.findLastIndex(({ footer }) => (footer ?? 0) < ALWAYS);
    shown.splice(last < 0 ? shown.length - 1 : last, 1);
  }
  return fitLine([span(' '), ...shown.flatMap(({ line }) => line)], width);
}

/** Places in the footer from which a key is never left out. */
const ALWAYS = 90;

const keyHint = (key: string, title: string): Line => [
  span(key, { bold: true, colour: 'cyan' }),
  span(` ${title}  `, { dim: true }),
];
