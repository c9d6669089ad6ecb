import { type ExitCode, exit, UserError } from '../lib/errors.ts';
import { stripControls } from '../lib/text.ts';
import { paint } from './output.ts';

/** The `error` of the JSON envelope (design: section 7). */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Exit code and JSON of anything that was thrown. `command` is the id of the command, for the hint. */
export function toErrorDocument(error: Error, command: string): { code: ExitCode; document: ErrorDocument } {
  if (error instanceof UserError) {
    const { code, message, hint, details } = error;
    return { code: error.exit, document: { code, message, hint, details } };
  }
  const usage = usageMessage(error);
  if (usage !== null) {
    const hint = `swarm ${command} --help`.replace('  ', ' ');
    return { code: exit.usage, document: { code: 'USAGE', message: usage, hint, details: {} } };
  }
  return {
    code: exit.failed,
    document: { code: 'BUG', message: error.message, hint: null, details: { stack: error.stack ?? null } },
  };
}

/** The error for a person: what happened, then what to type; a bug with its stack and how to report it. */
export function renderError(error: Error, command: string): string {
  const { document } = toErrorDocument(error, command);
  const cross = paint('red', '✗', process.stderr);
  if (document.code === 'BUG') {
    const stack = stripControls(error.stack ?? error.message);
    const ask = 'This is a bug in swarm. Please report it with the lines above and the output of: swarm doctor';
    return `${cross} ${stack}\n${ask}\n`;
  }
  const arrow = paint('cyan', '→', process.stderr);
  const hint = document.hint === null ? '' : `${arrow} ${stripControls(document.hint)}\n`;
  return `${cross} ${stripControls(document.message)}\n${hint}`;
}

/** oclif's parse errors are the user's to mend; its marker is the `oclif` property with an exit code. */
function usageMessage(error: Error): string | null {
  if (!('oclif' in error)) return null;
  return error.message.replace(/\nSee more help with --help$/, '').trim();
}
