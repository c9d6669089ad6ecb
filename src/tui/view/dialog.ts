import type { Ask, Choice } from '../dialogs.ts';
import { shownKey } from '../input/names.ts';
import { scrolledTo } from '../layout.ts';
import { paletteEntries } from '../reduce/palette.ts';
import type { Model } from '../state.ts';
import { draftLines, rowsOf } from './draft.ts';
import { formLines } from './form.ts';
import { cut, type Line, lineWidth, pad, span, widthOf } from './span.ts';

/** Entries of the palette that are shown at a time. */
const ENTRIES = 8;
/** Lines that a question may take; a long one says how much is missing. */
const MOST = 16;

/**
 * What stands above the footer while the person is asked something or types, in so many rows at most; nothing otherwise.
 * Where there are few, what the person answers with stays, and its title goes first.
 */
export function dialogLines(model: Model, width: number, height: number): readonly Line[] {
  return height < 1 ? [] : allLines(model, width, height).slice(-height);
}

function allLines(model: Model, width: number, height: number): readonly Line[] {
  const { mode } = model;
  switch (mode.kind) {
    case 'filter':
      return [[span(' / ', { colour: 'cyan', bold: true }), span(model.filter), span(' ', { inverse: true })]];
    case 'form':
      return [titleLine(mode.form.title, width), ...formLines(mode.form, width, height - 1)];
    case 'ask':
      return askLines(mode.ask, width, height);
    case 'choose':
      return choiceLines(mode.choice, width, height);
    case 'palette':
      return paletteLines(model, width, height);
    default:
      return [];
  }
}

function titleLine(text: string, width: number): Line {
  const title = cut(` ${text} `, width - 4);
  const rest = '─'.repeat(Math.max(0, width - 2 - widthOf(title)));
  return [span('──', { dim: true }), span(title, { bold: true }), span(rest, { dim: true })];
}

/** What is told before an answer: whole where there is room, since it is what the answer is about. */
function toldLines(lines: readonly string[], width: number, room: number): Line[] {
  const rows = lines.flatMap((line) => rowsOf(span(line).text, width - 4).map(({ text }) => text));
  const most = Math.max(0, Math.min(MOST, room));
  const left = rows.length - most + 1;
  const shown =
    left <= 1 || most === 0 ? rows.slice(0, most) : [...rows.slice(0, most - 1), `… and ${left} more lines`];
  return shown.map((text) => [span(`  ${text}`)]);
}

function askLines({ title, lines, yes }: Ask, width: number, height: number): Line[] {
  const agree: Line = [span(' y ', { bold: true, colour: 'yellow' }), span(`${yes}  `)];
  const refuse: Line = [span(' n ', { bold: true, colour: 'cyan' }), span('no (as does Enter)', { dim: true })];
  const beside = lineWidth(agree) + lineWidth(refuse) <= width;
  const answers = beside ? [[...agree, ...refuse]] : [agree, refuse];
  return [titleLine(title, width), ...toldLines(lines, width, height - 1 - answers.length), ...answers];
}

/** Rows of what is told that a choice keeps, however many options there are. */
const TOLD = 2;

function choiceLines({ title, lines, options, cursor }: Choice, width: number, height: number): Line[] {
  const told = toldLines(lines, width, Math.max(TOLD, height - 1 - options.length));
  const { from, shown } = around(options, cursor, height - 1 - told.length);
  const entries = shown.map(
    ({ key, label }, index): Line => [
      span(from + index === cursor ? ' ❯ ' : '   ', { colour: 'cyan', bold: true }),
      span(pad(key, 3), { bold: true, colour: 'cyan' }),
      span(cut(label, width - 6), { bold: from + index === cursor }),
    ],
  );
  return [titleLine(title, width), ...told, ...entries];
}

/** So many of the items that the one at the cursor is among them, and the place of the first. */
function around<T>(items: readonly T[], cursor: number, room: number): { from: number; shown: readonly T[] } {
  const most = Math.max(1, room);
  const from = scrolledTo(0, cursor, most, items.length);
  return { from, shown: items.slice(from, from + most) };
}

function paletteLines(model: Model, width: number, height: number): Line[] {
  if (model.mode.kind !== 'palette') return [];
  const { draft, cursor } = model.mode;
  const entries = paletteEntries(model);
  const { from, shown } = around(entries, cursor, Math.min(ENTRIES, height - 2));
  const offered = shown.map(({ title, help, keys }, index): Line => {
    const chosen = from + index === cursor;
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
  return [titleLine('Actions', width), [span(' : ', { colour: 'cyan', bold: true }), ...typed], ...offered, ...none];
}
