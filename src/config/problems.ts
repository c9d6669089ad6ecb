import { exit, UserError } from '../lib/errors.ts';

/** Something wrong in a layer of the config. */
export interface Problem {
  /** A file, or `environment`. */
  readonly file: string;
  readonly line: number | null;
  /** As written: `limits.agents`. Null when the file can't be read at all. */
  readonly key: string | null;
  readonly message: string;
  /** The key that was probably meant. */
  readonly hint: string | null;
}

/** One error (exit 2) for all that is wrong: the person mends it in one go. */
export function configError(problems: readonly Problem[]): UserError {
  const lines = problems.map(({ file, line, message }) => `${file}${line === null ? '' : `:${line}`}: ${message}`);
  return new UserError({
    code: 'BAD_CONFIG',
    exit: exit.usage,
    message: lines.join('\n'),
    hint: 'Mend it, then check with: swarm config validate',
    details: { problems },
  });
}
