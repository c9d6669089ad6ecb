import { resolve } from 'node:path';
import { agentCandidates, branchCandidates, cliCandidates, taskCandidates } from './completion-live.ts';
import { type CommandEntry, commandNamed, type FlagEntry, readManifest, typed } from './manifest.ts';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What a flag's value may be, where the flag doesn't list its values itself. */
const LIVE_FLAGS: Readonly<Record<string, (folder: string) => Promise<Candidate[]>>> = {
  base: branchCandidates,
  into: branchCandidates,
  agent: cliCandidates,
  task: taskCandidates,
  depends: taskCandidates,
  parent: agentCandidates,
  to: agentCandidates,
  from: agentCandidates,
};

/** What may stand at the last of the words after `swarm` (it may be empty or half a word). */
export async function complete(words: readonly string[], cwd: string): Promise<Candidate[]> {
  const line = joinEquals(words);
  const current = line.at(-1) ?? '';
  const before = line.slice(0, -1);
  if (before.includes('--')) return [];
  const found = await candidates(before, current, cwd);
  return found.filter(({ value }) => value.startsWith(current));
}

async function candidates(before: readonly string[], current: string, cwd: string): Promise<Candidate[]> {
  const commands = readManifest();
  const { command, given, folder } = readLine(before, commands, cwd);
  const flags = Object.values({ ...(command?.flags ?? GLOBAL) });
  const [, inline] = /^(--[\w-]+)=/.exec(current) ?? [];
  const valued = flags.find((flag) => flag.type === 'option' && isNamed(flag, inline ?? before.at(-1)));
  if (valued) {
    const values = await flagValues(valued, folder);
    return inline === undefined ? values : values.map((one) => ({ ...one, value: `${inline}=${one.value}` }));
  }
  if (current.startsWith('-')) return flagNames(flags, before);
  if (command === null) return commandNames(commands, given[0] === 'help' ? given.slice(1) : given);
  return positional(command, given.length, folder);
}

const GLOBAL: Readonly<Record<string, FlagEntry>> = {
  json: { name: 'json', type: 'boolean', description: 'Print one JSON document.' },
  cd: { name: 'cd', type: 'option', char: 'C', description: 'Run as if started in DIR.' },
};

/** Splits the words before the cursor: the command, its plain words, the folder of `-C`. */
function readLine(before: readonly string[], commands: ReadonlyMap<string, CommandEntry>, cwd: string) {
  const plain: string[] = [];
  let folder = cwd;
  let command: CommandEntry | null = null;
  for (let index = 0; index < before.length; index++) {
    const word = before[index] ?? '';
    const flag = Object.values(command?.flags ?? GLOBAL).find((one) => isNamed(one, word));
    if (flag?.name === 'cd') folder = resolve(cwd, before[index + 1] ?? '');
    if (flag?.type === 'option') index++;
    else if (!word.startsWith('-')) plain.push(word);
    command ??= commandNamed(commands, plain.join(':'));
  }
  const given = command === null ? plain : plain.slice(command.id.split(':').length);
  return { command, given, folder };
}

function isNamed(flag: FlagEntry, word: string | undefined): boolean {
  return word === `--${flag.name}` || (flag.char !== undefined && word === `-${flag.char}`);
}

async function flagValues(flag: FlagEntry, folder: string): Promise<Candidate[]> {
  if (flag.options) return flag.options.map((value) => ({ value, description: '' }));
  // An --agent that takes a NAME is one of the team; without it, it is the CLI of a new one.
  const live = flag.name === 'agent' && flag.helpValue === 'NAME' ? agentCandidates : LIVE_FLAGS[flag.name];
  return (await live?.(folder)) ?? [];
}

function flagNames(flags: readonly FlagEntry[], before: readonly string[]): Candidate[] {
  return flags
    .filter((flag) => !flag.hidden && (flag.multiple || !before.some((word) => isNamed(flag, word))))
    .map((flag) => ({ value: `--${flag.name}`, description: flag.summary ?? flag.description ?? '' }));
}

/** Commands whose first words are the given ones: their next word. */
function commandNames(commands: ReadonlyMap<string, CommandEntry>, given: readonly string[]): Candidate[] {
  const prefix = given.map((word) => `${word}:`).join('');
  const below = [...commands.values()].filter(({ id, hidden }) => !hidden && id.startsWith(prefix));
  const names = new Map(
    below.map(({ id, summary }) => {
      const [name = '', ...more] = id.slice(prefix.length).split(':');
      return [name, more.length === 0 ? (summary ?? '') : `${typed(prefix)}${name} …`];
    }),
  );
  if (given.length === 0) names.set('help', 'Help for a command.');
  return [...names].map(([value, description]) => ({ value, description }));
}

/** Agents where a command takes agents, tasks where it takes a task, the listed values where an argument lists them. */
async function positional(command: CommandEntry, index: number, folder: string): Promise<Candidate[]> {
  const args = Object.values(command.args);
  const arg = args[index] ?? (args.at(-1)?.multiple ? args.at(-1) : undefined);
  if (arg?.options) return arg.options.map((value) => ({ value, description: '' }));
  if (arg?.name === 'task') return taskCandidates(folder);
  const usage = [command.usage ?? []].flat().join(' ');
  const takesAgents = arg === undefined ? /\b(?:AGENT|TO)\b/.test(usage) : /^agents?$/.test(arg.name);
  return takesAgents ? agentCandidates(folder) : [];
}

/** bash takes `--flag=value` apart at the equals sign: puts it together again. */
function joinEquals(words: readonly string[]): string[] {
  const line: string[] = [];
  for (const word of words) {
    const last = line.at(-1);
    const joins = last !== undefined && (word === '=' ? /^--[\w-]+$/ : /^--[\w-]+=$/).test(last);
    if (joins) line[line.length - 1] = `${last}${word}`;
    else line.push(word);
  }
  return line;
}
