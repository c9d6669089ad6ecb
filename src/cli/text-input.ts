import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exit, messageOf, UserError } from '../lib/errors.ts';

/**
 * Reads a file of text byte for byte; `-` is standard input. `cd` is where -C starts, `hint` what to type in place of it.
 * @throws UserError exit 2 when it can't be read.
 */
export function readTextFile(file: string, cd: string, hint: string): string {
  try {
    return readFileSync(file === '-' ? 0 : resolve(cd, file), 'utf8');
  } catch (error) {
    throw new UserError({
      code: 'NO_PROMPT_FILE',
      exit: exit.usage,
      message: `The file can't be read: ${messageOf(error)}.`,
      hint,
      details: { file },
    });
  }
}

/** Tells agents from text among the words of `swarm send`: the text is the last word, or all words are agents with a file. */
export function readTextOf(
  words: readonly string[],
  flags: {
    readonly cd: string;
    readonly file?: string | undefined;
    readonly all: boolean;
    readonly role?: string | undefined;
    readonly status?: string | undefined;
  },
): { words: string[]; text: string } {
  const chosen = flags.all || flags.role !== undefined || flags.status !== undefined;
  if (flags.file !== undefined && chosen && words.length > 0) throw chosenAndNames(words);
  if (flags.file !== undefined)
    return {
      words: [...words],
      text: readTextFile(flags.file, flags.cd, `swarm send ${words[0] ?? 'worker-1'} --file prompt.md`),
    };
  const agents = words.slice(0, -1);
  const text = words.at(-1);
  if (text !== undefined && (chosen ? agents.length === 0 : agents.length > 0)) return { words: agents, text };
  throw new UserError({
    code: 'NO_TEXT',
    exit: exit.usage,
    message:
      text === undefined
        ? 'Nothing to send. Expected agents and a text.'
        : chosen
          ? 'Several words are given. With --all, --role or --status expected the text alone, in quotes.'
          : `Only '${text}' is given. Expected agents first, then the text in quotes.`,
    hint: chosen
      ? 'swarm send --all "Please run the tests."'
      : `swarm send ${text ?? 'worker-1'} "Please run the tests."`,
  });
}

function chosenAndNames(words: readonly string[]): UserError {
  return new UserError({
    code: 'ALL_AND_NAMES',
    exit: exit.usage,
    message: `--all, --role and --status choose the agents, and ${words.join(', ')} is named too.`,
    hint: 'Leave out the one or the other.',
  });
}
