import { GROUPS } from '../bindings.ts';
import { shownKey } from '../input/names.ts';
import type { Model } from '../state.ts';
import { fitLine, type Line, pad, span } from './span.ts';

const KEYS = 16;

/** The part of the help that is scrolled to. */
export function helpLines(model: Model, width: number, height: number): readonly Line[] {
  const all = allKeys(model);
  const top = model.mode.kind === 'help' ? Math.min(model.mode.top, Math.max(0, all.length - height)) : 0;
  const shown = all.slice(top, top + height);
  const blank = Array.from({ length: Math.max(0, height - shown.length) }, (): Line => []);
  return [...shown, ...blank].map((line) => fitLine(line, width));
}

/** All keys by groups, from the table that dispatches them. */
export function allKeys(model: Model): readonly Line[] {
  const { bindings } = model.setting.keymap;
  return GROUPS.flatMap((group): Line[] => {
    const own = bindings.filter((binding) => binding.group === group && binding.keys.length > 0);
    const rows = own.map(
      ({ keys, help, action }): Line => [
        span('  '),
        span(pad(keys.map(shownKey).join(' '), KEYS), { bold: true, colour: 'cyan' }),
        span(` ${help}`),
        span(`  ${action}`, { dim: true }),
      ],
    );
    return own.length === 0 ? [] : [[span(` ${group}`, { bold: true })], ...rows, []];
  });
}
