import type { Interfaces } from '@oclif/core';
import { exit, UserError } from '../lib/errors.ts';
import { nearest, stripControls } from '../lib/text.ts';
import { usageOf } from './help.ts';
import { readManifest, typed } from './manifest.ts';

/** What oclif's parse errors carry. They are told apart by name: loading their classes would load oclif's help too. */
interface ParseError extends Error {
  readonly args?: readonly (string | Interfaces.Arg<unknown>)[];
  readonly flags?: readonly string[];
  readonly parse?: { readonly input?: { readonly flags?: Readonly<Record<string, { readonly char?: string }>> } };
}

/** oclif's parse error in plain words, with what to type; null for any other error. */
export function usageError(error: Error, command: string): UserError | null {
  if (!('oclif' in error)) return null;
  const usage = readManifest().get(command);
  const line = usage ? (usageOf(usage)[0] ?? null) : null;
  const { message, hint } = explain(error, command, line ?? `swarm ${typed(command)} --help`);
  return new UserError({ code: 'USAGE', exit: exit.usage, message, hint, details: { usage: line }, cause: error });
}

function explain(error: ParseError, command: string, usage: string): { message: string; hint: string } {
  switch (error.constructor.name) {
    case 'RequiredArgsError':
      return { message: missing(error), hint: usage };
    case 'UnexpectedArgsError':
      return { message: `Too many words: ${quotedList(error.args ?? [])}.`, hint: usage };
    case 'NonExistentFlagsError':
      return unknownFlag(error, command);
    default:
      return { message: plain(error.message), hint: `swarm ${typed(command)} --help`.replace('  ', ' ') };
  }
}

function missing(error: ParseError): string {
  const names = (error.args ?? []).map((arg) => {
    if (typeof arg === 'string') return arg;
    return `${(arg.name ?? '').toUpperCase()}${arg.description === undefined ? '' : ` (${arg.description.replace(/\.$/, '')})`}`;
  });
  return `Missing: ${names.join(', ')}.`;
}

function unknownFlag(error: ParseError, command: string): { message: string; hint: string } {
  const unknown = error.flags ?? [];
  const known = Object.keys(error.parse?.input?.flags ?? {}).map((name) => `--${name}`);
  const [suggestion] = unknown.flatMap((flag) => (flag.startsWith('--') ? nearest(flag, known, 1) : []));
  const help = `swarm ${typed(command)} --help`;
  return {
    message: `swarm ${typed(command)} has no flag ${quotedList(unknown)}.`,
    hint: suggestion === undefined ? help : `Did you mean ${suggestion}? All flags: ${help}`,
  };
}

function quotedList(words: readonly unknown[]): string {
  return words.map((word) => `'${String(word)}'`).join(', ');
}

/** Without oclif's colours, preamble and pointer to the help; one sentence a line, each with its full stop. */
function plain(message: string): string {
  return stripControls(message)
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.replace(/^Missing required flag (\S+)$/, 'Missing: --$1').replace(/^Flag (--\S+)/, '$1'))
    .map((line) => line.replace(/\.$/, ''))
    .join('; ')
    .concat(message.endsWith('?') ? '' : '.');
}
