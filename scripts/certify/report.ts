import { table } from '../../src/cli/table.ts';
import type { Cell, Cells } from './certify.ts';
import { ABILITIES, type Profile } from './profiles/types.ts';

/** What was certified, and how it went. */
export type Report = readonly { readonly profile: Profile; readonly cells: Cells }[];

const NONE: Cell = { as: 'wrong', note: 'not looked at' };
const cellOf = (cells: Cells, ability: (typeof ABILITIES)[number]) => cells.get(ability) ?? NONE;

/** Whether nothing is wrong. */
export const isRight = (report: Report): boolean =>
  report.every(({ cells }) => ABILITIES.every((ability) => cellOf(cells, ability).as !== 'wrong'));

/** For a terminal: ability × CLI, and below it what is not simply right. */
export function plain(report: Report, date: string): string {
  const columns = ['ABILITY', ...report.map(({ profile }) => `${profile.title} ${profile.version}`)];
  const rows = ABILITIES.map((ability) => [ability, ...report.map(({ cells }) => cellOf(cells, ability).as)]);
  const lines = notes(report).map((note) => `${note}\n`);
  return `${table(
    columns.map((title) => ({ title })),
    rows,
  )}\n${lines.join('')}${date}\n`;
}

/** For the README. */
export function markdown(report: Report, date: string): string {
  const head = ['', ...report.map(({ profile }) => `${profile.title} ${profile.version}`)];
  const rows = ABILITIES.map((ability) => [ability, ...report.map(({ cells }) => cellOf(cells, ability).as)]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const body = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
  return `${body}\nRun on ${date}.\n\n${notes(report)
    .map((note) => `- ${note}\n`)
    .join('')}`;
}

/** Why a cell is not right, and what the CLIs themselves do. */
function notes(report: Report): string[] {
  return report.flatMap(({ profile, cells }) => [
    ...new Set(
      ABILITIES.flatMap((ability) => {
        const { as, note } = cellOf(cells, ability);
        if (as === 'wrong') return [`${profile.title}, ${ability}: wrong: ${note}`];
        return as === 'n/a' ? [note] : [];
      }),
    ),
    ...profile.notes,
  ]);
}
