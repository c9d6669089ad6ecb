import type { TargetError } from '../agents/pick.ts';
import { exit } from '../lib/errors.ts';
import { renderError, toErrorDocument } from './errors.ts';

/** `errors[]` of the JSON. */
export function errorDocuments(errors: readonly TargetError[], command: string) {
  return errors.map(({ agent, error }) => ({ agent, ...toErrorDocument(error, command).document }));
}

/** The worst code of what failed; 0 when nothing did. */
export function exitOfErrors(errors: readonly TargetError[], command: string): number {
  return Math.max(exit.done, ...errors.map(({ error }) => toErrorDocument(error, command).code));
}

/** Tells each failure on stderr. */
export function tellErrors(errors: readonly TargetError[], command: string): void {
  for (const { error } of errors) process.stderr.write(renderError(toErrorDocument(error, command).document));
}
