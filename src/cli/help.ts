import { groups } from './groups.ts';
import { type ArgEntry, type CommandEntry, type FlagEntry, readManifest, typed } from './manifest.ts';
import { paint } from './output.ts';

type Commands = ReadonlyMap<string, CommandEntry>;

/** Titles and the commands below them, hidden ones left out; a topic (`task`) stands for its commands. */
function grouped(commands: Commands): { title: string; names: string[] }[] {
  const visible = [...commands.values()].filter(({ hidden }) => !hidden).map(({ id }) => id.split(':')[0] ?? id);
  const names = new Set(visible);
  const listed = groups.map(([title, all]) => ({ title, names: all.filter((name) => names.delete(name)) }));
  return [...listed, { title: 'More', names: [...names].sort() }].filter((group) => group.names.length > 0);
}

/** What a command or topic is for, in one line. */
function summaryOf(commands: Commands, name: string): string {
  const own = commands.get(name)?.summary;
  if (own !== undefined) return own;
  const below = [...commands.keys()].filter((id) => id.startsWith(`${name}:`)).map((id) => id.slice(name.length + 1));
  return below.join(', ');
}

/** The help of the program: its commands in groups. */
export function rootHelp(commands: Commands = readManifest()): string {
  const lists = grouped(commands).map(({ title, names }) =>
    section(title, columns(names.map((name) => [name, summaryOf(commands, name)]))),
  );
  return [
    'A terminal session manager for teams of coding agents.',
    section('Usage', ['swarm COMMAND [--json] [-C DIR]']),
    ...lists,
    'More on one of them: swarm help COMMAND',
  ].join('\n\n');
}

/** The help of a topic: the commands below it. Null when there is no such topic. */
export function topicHelp(topic: string, commands: Commands = readManifest()): string | null {
  const below = [...commands.values()].filter(({ id, hidden }) => id.startsWith(`${topic}:`) && !hidden);
  if (below.length === 0) return null;
  const rows = below.map(({ id, summary }) => [typed(id), summary ?? ''] as const);
  return [section('Usage', [`swarm ${typed(topic)} COMMAND`]), section('Commands', columns(rows))].join('\n\n');
}

/** The help of a command. */
export function commandHelp(command: CommandEntry): string {
  const args = Object.values(command.args).filter(({ hidden }) => !hidden);
  const flags = Object.values(command.flags).filter(({ hidden }) => !hidden);
  const own = flags.filter(({ helpGroup }) => helpGroup !== 'GLOBAL');
  const everywhere = flags.filter(({ helpGroup }) => helpGroup === 'GLOBAL');
  const examples = (command.examples ?? []).flatMap((example) =>
    typeof example === 'string' ? [example] : [paint('dim', `# ${example.description}`), example.command],
  );
  return [
    command.summary ?? '',
    ...(command.description === undefined ? [] : [command.description.trim()]),
    section('Usage', usageOf(command)),
    section('Arguments', columns(args.map((arg) => [arg.name.toUpperCase(), describeArg(arg)]))),
    section('Flags', columns(own.map((flag) => [flagSyntax(flag), describeFlag(flag)]))),
    section('Everywhere', columns(everywhere.map((flag) => [flagSyntax(flag), describeFlag(flag)]))),
    section(
      'Examples',
      examples.map((line) => line.replaceAll('<%= config.bin %>', 'swarm')),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** How to type a command, one line a form. */
export function usageOf(command: CommandEntry): string[] {
  const written = typeof command.usage === 'string' ? [command.usage] : command.usage;
  if (written) return written.map((line) => `swarm ${line.replaceAll('<%= command.id %>', typed(command.id))}`);
  const args = Object.values(command.args).filter(({ hidden }) => !hidden);
  const needed = Object.values(command.flags).filter(({ required }) => required);
  const optional = Object.values(command.flags).some(({ required, helpGroup }) => !required && helpGroup !== 'GLOBAL');
  const words = [
    ...args.map(argSyntax),
    ...needed.map((flag) => `--${flag.name} ${valueName(flag)}`),
    ...(optional ? ['[FLAGS]'] : []),
  ];
  return [['swarm', typed(command.id), ...words].join(' ')];
}

/** `AGENT`, `AGENT..`, `[AGENT]`. */
function argSyntax(arg: ArgEntry): string {
  const name = `${arg.name.toUpperCase()}${arg.multiple ? '..' : ''}`;
  return arg.required ? name : `[${name}]`;
}

function valueName(flag: FlagEntry): string {
  return flag.helpValue ?? flag.options?.join('|') ?? flag.name.toUpperCase();
}

/** `-C, --cd DIR`; names without a letter are indented like those with one. */
function flagSyntax(flag: FlagEntry): string {
  const name = `${flag.char === undefined ? '    ' : `-${flag.char}, `}--${flag.allowNo ? '[no-]' : ''}${flag.name}`;
  return flag.type === 'boolean' ? name : `${name} ${valueName(flag)}`;
}

function describeFlag(flag: FlagEntry): string {
  const notes = [
    flag.required ? 'needed' : '',
    flag.options && flag.helpValue ? flag.options.join(', ') : '',
    flag.default === undefined || flag.default === '' || flag.default === false
      ? ''
      : `default ${String(flag.default)}`,
    flag.multiple ? 'may be repeated' : '',
  ].filter((note) => note !== '');
  const text = flag.summary ?? flag.description ?? '';
  return notes.length === 0 ? text : `${text} ${paint('dim', `(${notes.join('; ')})`)}`.trim();
}

function describeArg(arg: ArgEntry): string {
  return arg.description ?? arg.options?.join(', ') ?? '';
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [paint('bold', title), ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Two columns, the first as wide as its widest cell. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`.trimEnd());
}
