// npm run bench: the promises about speed (README), each against the bare thing in the same run. Ends with 1 if one is broken.
import { table } from '../../src/cli/table.ts';
import { benchBoard } from './board.ts';
import { benchCalls } from './calls.ts';
import { benchConflicts } from './conflicts.ts';
import type { Row } from './measure.ts';
import { benchMessages } from './messages.ts';
import { benchRestore } from './restore.ts';
import { benchSpawn } from './spawn.ts';
import { benchTeam } from './team.ts';
import { benchTui } from './tui.ts';

const benches: Readonly<Record<string, () => Promise<Row[]>>> = {
  calls: benchCalls,
  team: benchTeam,
  spawn: benchSpawn,
  restore: benchRestore,
  tui: benchTui,
  messages: benchMessages,
  board: benchBoard,
  conflicts: benchConflicts,
};

const wanted = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  rows.push(...(await bench()));
}
const columns = [{ title: 'WHAT' }, { title: 'MEASURED' }, { title: 'AT MOST' }, { title: 'OK' }];
process.stdout.write(
  table(
    columns,
    rows.map(({ what, measured, limit, ok }) => [what, measured, limit, ok ? 'yes' : 'NO']),
  ),
);
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;
