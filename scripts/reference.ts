// Writes the command reference into README.md, from what the build knows of the commands.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { groups } from '../src/cli/groups.ts';
import { usageOf } from '../src/cli/help.ts';
import { type CommandEntry, readManifest } from '../src/cli/manifest.ts';

const BEGIN = '<!-- commands: npm run reference -->\n';
const END = '<!-- /commands -->\n';

/** The README's text with its reference as the commands are now. */
export function withReference(readme: string, commands: ReadonlyMap<string, CommandEntry> = readManifest()): string {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks ${BEGIN.trim()} … ${END.trim()}`);
  return `${before}${BEGIN}\n${reference(commands)}\n\n${END}${after}`;
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
