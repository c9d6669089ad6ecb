// Writes the tables of commands and keys into README.md, from what the program knows of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { groups } from '../src/cli/groups.ts';
import { usageOf } from '../src/cli/help.ts';
import { type CommandEntry, readManifest } from '../src/cli/manifest.ts';
import { keyTable } from '../src/tui/keys.ts';

/** The README's text with the tables of commands and of the live view's keys as they are now. */
export function withReference(readme: string, commands: ReadonlyMap<string, CommandEntry> = readManifest()): string {
  return withTable(withTable(readme, 'commands', reference(commands)), 'keys', keyTable());
}

function withTable(readme: string, name: string, table: string): string {
  const begin = `<!-- ${name}: npm run reference -->\n`;
  const end = `<!-- /${name} -->\n`;
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks ${begin.trim()} … ${end.trim()}`);
  return `${before}${begin}\n${table}\n\n${end}${after}`;
}

/** A table: the groups of the help, a command a line. */
function reference(commands: ReadonlyMap<string, CommandEntry>): string {
  const visible = [...commands.values()].filter(({ hidden }) => !hidden);
  const rows = groups.flatMap(([title, names]) => {
    const own = names.flatMap((name) => visible.filter(({ id }) => id === name || id.startsWith(`${name}:`)));
    return own.length === 0 ? [] : [`| **${title}** | |`, ...own.map(row)];
  });
  return ['| Command | |', '| --- | --- |', ...rows].join('\n');
}

function row(command: CommandEntry): string {
  const [usage = ''] = usageOf(command);
  return `| \`${usage.replaceAll('|', '\\|')}\` | ${command.summary ?? ''} |`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL('../README.md', import.meta.url);
  writeFileSync(file, withReference(readFileSync(file, 'utf8')));
}
