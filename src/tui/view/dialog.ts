import type { Ask, Choice } from '../dialogs.ts';
import { shownKey } from '../input/names.ts';
import { paletteEntries } from '../reduce/palette.ts';
import type { Model } from '../state.ts';
import { draftLines, rowsOf } from './draft.ts';
import { formLines } from './form.ts';
import { cut, type Line, pad, span, widthOf } from './span.ts';

/** Entries of the palette that are shown at a time. */
const ENTRIES = 8;
/** Lines that a question may take; a long one says how much is missing. */
const MOST = 16;

/** What stands above the footer while the person is asked something or types; nothing otherwise. */
export function dialogLines(model: Model, width: number): readonly Line[] {
  const { mode } = model;
  switch (mode.kind) {
    case 'filter':
      return [[span(' / ', { colour: 'cyan', bold: true }), span(model.filter), span(' ', { inverse: true })]];
    case 'form':
      return [titleLine(mode.form.title, width), ...formLines(mode.form, width)];
    case 'ask':
      return askLines(mode.ask, width);
    case 'choose':
      return choiceLines(mode.choice, width);
    case 'palette':
      return paletteLines(model, width);
    default:
      return [];
  }
}

function titleLine(text: string, width: number): Line {
  const title = cut(` ${text} `, width - 4);
  const rest = '─'.repeat(Math.max(0, width - 2 - widthOf(title)));
  return [span('──', { dim: true }), span(title, { bold: true }), span(rest, { dim: true })];
}

/** What is told before an answer: whole, since it is what the answer is about. */
function toldLines(lines: readonly string[], width: number): Line[] {
  const rows = lines.flatMap((line) => rowsOf(span(line).text, width - 4).map(({ text }) => text));
  const more = rows.length - MOST;
  const shown = more > 0 ? [...rows.slice(0, MOST), `… and ${more} more lines`] : rows;
  return shown.map((text) => [span(`  ${text}`)]);
}

function askLines({ title, lines, yes }: Ask, width: number): Line[] {
  const told = toldLines(lines, width);
  const answer: Line = [
    span(' y ', { bold: true, colour: 'yellow' }),
    span(`${yes}   `),
    span('n ', { bold: true, colour: 'cyan' }),
    span('no (as does Enter)', { dim: true }),
  ];
  return [titleLine(title, width), ...told, answer];
}

function choiceLines({ title, lines, options, cursor }: Choice, width: number): Line[] {
  const told = toldLines(lines, width);
  const entries = options.map(
    ({ key, label }, index): Line => [
      span(index === cursor ? ' ❯ ' : '   ', { colour: 'cyan', bold: true }),
      span(pad(key, 3), { bold: true, colour: 'cyan' }),
      span(cut(label, width - 6), { bold: index === cursor }),
    ],
  );
  return [titleLine(title, width), ...told, ...entries];
}

function paletteLines(model: Model, width: number): Line[] {
  if (model.mode.kind !== 'palette') return [];
  const { draft, cursor } = model.mode;
  const entries = paletteEntries(model);
  const from = Math.max(0, Math.min(cursor - ENTRIES + 1, entries.length - ENTRIES));
  const shown = entries
    .slice(Math.max(0, from), Math.max(0, from) + ENTRIES)
    .map(({ title, help, keys }, index): Line => {
      const chosen = index + Math.max(0, from) === cursor;
      return [
        span(chosen ? ' ❯ ' : '   ', { colour: 'cyan', bold: true }),
        span(pad(title, 15), { bold: chosen }),
        span(pad(keys.map(shownKey).join(' '), 10), { colour: 'cyan' }),
        span(cut(help, Math.max(0, width - 30)), { dim: true }),
      ];
    });
  const none: Line[] =
    entries.length === 0 ? [[span('   no action is called so, or does anything now', { dim: true })]] : [];
  const [typed = []] = draftLines(draft, width - 4, 1, true);
  return [titleLine('Actions', width), [span(' : ', { colour: 'cyan', bold: true }), ...typed], ...shown, ...none];
}
