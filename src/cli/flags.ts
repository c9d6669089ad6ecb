import { Flags } from '@oclif/core';
import { requireDuration } from '../lib/duration.ts';
import { exit, UserError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';

/** A flag that takes `500ms`, `60s`, `5m`; its value is in milliseconds. */
export function durationFlag(options: { description: string; default: string; name?: string }) {
  const name = `--${options.name ?? 'timeout'}`;
  return Flags.custom<number>({
    description: `${options.description} [${options.default}]`,
    helpValue: 'DURATION',
    parse: async (text) => requireDuration(text, name),
    default: async () => requireDuration(options.default, name),
    defaultHelp: async () => undefined,
  })();
}

/** A duration that may be left out; `some`: it has to be longer than none. */
export function optionalDurationFlag(options: { description: string; name?: string; some?: boolean }) {
  const name = `--${options.name ?? 'timeout'}`;
  return Flags.custom<number>({
    description: options.description,
    helpValue: 'DURATION',
    parse: async (text) => {
      const duration = requireDuration(text, name);
      if (options.some && duration === 0) throw noDuration(name, text);
      return duration;
    },
  })();
}

function noDuration(name: string, text: string): UserError {
  return new UserError({
    code: 'BAD_DURATION',
    exit: exit.usage,
    message: `${name} ${text} is over at once. Expected a time that somebody can have, or none at all.`,
    hint: `${name} 60s`,
  });
}

/** A comma-separated list of known words; read it with {@link wordsOf}. */
export function listFlag(options: { name: string; description: string; of: readonly string[]; default: string }) {
  return Flags.string({
    description: `${options.description} [${options.default}]`,
    helpValue: options.of.join(','),
    default: options.default,
    defaultHelp: async () => undefined,
    parse: async (text) =>
      wordsOf(text)
        .map((word) => requireWord(word, options))
        .join(','),
  });
}

export function wordsOf(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

function requireWord(word: string, options: { name: string; of: readonly string[] }): string {
  if (options.of.includes(word)) return word;
  throw new UserError({
    code: 'BAD_VALUE',
    exit: exit.usage,
    message: `--${options.name} doesn't know '${word}'. Expected any of: ${options.of.join(', ')}.`,
    hint: `--${options.name} ${nearest(word, options.of, 1)[0] ?? options.of[0] ?? ''}`,
  });
}
