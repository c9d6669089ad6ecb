import { pathToFileURL } from 'node:url';
import type { Config } from '@oclif/core';
import { exit, UserError } from '../lib/errors.ts';
import { nearest, shellWord } from '../lib/text.ts';
import { joinWords, splitGlobals, wantsHelp, wantsJson } from './arguments.ts';
import { commandHelp, rootHelp, topicHelp } from './help.ts';
import { commandFile, commandNamed, readManifest, typed } from './manifest.ts';
import { printJson, printText } from './output.ts';

/** The part of a command's class that running it takes. */
interface Runnable {
  id: string;
  readonly args: Readonly<Record<string, { ignoreStdin?: boolean }>>;
  new (argv: string[], config: Config): { _run(): Promise<unknown> };
}

/**
 * Finds the command and runs it. oclif's own dispatch reads its manifest, looks for plugins, themes and the user's shell
 * first; a command needs none of that (measured: 15 ms of a call's 90).
 */
export async function dispatch(line: readonly string[]): Promise<void> {
  const { globals, words } = splitGlobals(line);
  const [name] = words;
  if (name === undefined || name === 'help') return help(words, wantsJson(line));
  const found = find(words) ?? find(joinWords(words));
  if (found === null || wantsHelp([...globals, ...words])) return help(['help', ...words], wantsJson(line));
  const { default: command } = (await import(pathToFileURL(found.file).href)) as { default: Runnable };
  command.id = found.id;
  // oclif reads a missing argument from standard input, which may belong to the script around us.
  for (const arg of Object.values(command.args)) arg.ignoreStdin = true;
  await new command([...globals, ...found.argv], config())._run();
}

/** The command of one or two words that the line begins with; its other words. */
function find(args: readonly string[]): { id: string; file: string; argv: string[] } | null {
  for (const length of [2, 1]) {
    const id = args.slice(0, length).join(':');
    const file = commandFile(id);
    if (file !== null) return { id, file, argv: args.slice(length) };
  }
  // Only other names are worth reading the manifest for.
  const command = commandNamed(readManifest(), args[0] ?? '');
  const file = command && commandFile(command.id);
  return file ? { id: command.id, file, argv: args.slice(1) } : null;
}

/** What oclif's Command asks of its configuration when plugins, hooks and themes are out of the picture. */
function config(): Config {
  const used: Partial<Config> = {
    bin: 'swarm',
    runHook: async () => ({ successes: [], failures: [] }),
    scopedEnvVarKeys: () => [],
  };
  return used as Config;
}

/** Prints the help that the words behind `help` ask for, or refuses when they name no command. */
function help(words: readonly string[], json: boolean): void {
  const { document, text } = helpAnswer(words.slice(1));
  if (json) printJson(document);
  else printText(text);
}

function helpAnswer(args: readonly string[]): { document: Readonly<Record<string, unknown>>; text: string } {
  const commands = readManifest();
  const visible = [...commands.values()].filter(({ hidden }) => !hidden);
  const words = args.filter((word) => !word.startsWith('-'));
  const [name] = words;
  if (name === undefined) {
    const list = visible.map(({ id, summary }) => ({ name: typed(id), summary: summary ?? null }));
    return { document: { commands: list }, text: rootHelp(commands) };
  }
  const command = commandNamed(commands, words.slice(0, 2).join(':')) ?? commandNamed(commands, name);
  if (command) return { document: { command }, text: commandHelp(command) };
  const topic = words.length === 1 ? topicHelp(name, commands) : null;
  const ids = visible.map(({ id }) => id);
  if (topic === null) throw unknownCommand(args, ids);
  return { document: { commands: ids.filter((id) => id.startsWith(`${name}:`)).map(typed) }, text: topic };
}

function unknownCommand(words: readonly string[], ids: readonly string[]): UserError {
  const [first = '', second = '-'] = words;
  const below = ids.filter((id) => id.startsWith(`${first}:`));
  const tried = below.length > 0 && !second.startsWith('-') ? `${first}:${second}` : first;
  const candidates = nearest(tried, below.length > 0 ? below : [...new Set(ids.map((id) => id.split(':')[0] ?? id))]);
  const rest = words.slice(tried.split(':').length).map(shellWord);
  const [best] = candidates;
  return new UserError({
    code: 'UNKNOWN_COMMAND',
    exit: exit.usage,
    message: `There is no command '${typed(tried)}'.`,
    hint:
      best === undefined
        ? `swarm ${below.length > 0 ? `${first} ` : ''}--help`
        : `Did you mean: ${['swarm', typed(best), ...rest].join(' ')}`,
    details: { command: typed(tried), candidates: candidates.map(typed) },
  });
}
