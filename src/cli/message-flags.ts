import { Args, Flags } from '@oclif/core';
import type { Board } from '../board/context.ts';
import { MESSAGE_STATES, MESSAGE_TYPES, PRIORITIES } from '../board/messages/types.ts';
import type { Participant } from '../board/participants.ts';
import { resolveParticipant } from '../board/roster.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import { readTextFile } from './text-input.ts';

/** The argument of a command that takes one message. */
export const messageArg = Args.string({ required: true, description: 'Id of a message, or how it begins.' });

export const fileFlag = Flags.string({
  char: 'f',
  description: 'Read the text from FILE (- is standard input).',
  helpValue: 'FILE',
});

export const typeFlag = Flags.option({
  options: MESSAGE_TYPES,
  description: 'What kind of message it is.',
  helpValue: 'TYPE',
});

export const typesFlag = Flags.option({
  options: MESSAGE_TYPES,
  multiple: true,
  multipleNonGreedy: true,
  description: 'Only messages of this type.',
  helpValue: 'TYPE',
});

export const stateFlag = Flags.option({
  options: MESSAGE_STATES,
  multiple: true,
  multipleNonGreedy: true,
  description: 'Only messages in this state.',
  helpValue: 'STATE',
});

export const priorityFlag = Flags.option({
  options: PRIORITIES,
  default: 'normal' as const,
  description: 'urgent goes before normal, and normal before low; within one, first come first read.',
});

/** Everybody whom the words name. */
export async function resolveAll(board: Board, words: readonly string[]): Promise<Participant[]> {
  const found: Participant[] = [];
  for (const word of words) found.push(await resolveParticipant(board, word));
  return found;
}

/** Tells recipients from text among the words of `swarm msg send`: the text is the last one, or in a file. */
export function readWordsOf(
  words: readonly string[],
  flags: {
    readonly cd: string;
    readonly file?: string | undefined;
    readonly all: boolean;
    readonly 'reply-to'?: string | undefined;
  },
): { readonly to: string[]; readonly text: string } {
  const to = flags.file === undefined ? words.slice(0, -1) : [...words];
  const text =
    flags.file === undefined
      ? words.at(-1)
      : readTextFile(flags.file, flags.cd, 'swarm msg send worker-1 -f message.md');
  const chosen = flags.all || flags['reply-to'] !== undefined;
  if (text === undefined) throw usage('NO_TEXT', 'Nothing to say. Expected recipients, then the text in quotes.');
  if (flags.all && to.length > 0) {
    throw usage(
      'ALL_AND_NAMES',
      `--all means everybody, and ${to.join(', ')} is named too. Leave out the one or the other.`,
    );
  }
  if (to.length === 0 && !chosen) {
    throw usage('NO_RECIPIENT', `Only '${text}' is given. Expected recipients first, then the text in quotes.`);
  }
  return { to, text };
}

/** A `--payload` as an object. @throws UserError exit 2 for anything else. */
export function payloadOf(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    throw usage('BAD_PAYLOAD', '--payload is JSON, and no object. Expected one in braces.');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw usage('BAD_PAYLOAD', `--payload is no JSON: ${messageOf(error)}.`);
  }
}

function usage(code: string, message: string): UserError {
  return new UserError({
    code,
    exit: exit.usage,
    message,
    hint: 'swarm msg send worker-1 "Please rebase." --priority urgent',
  });
}
