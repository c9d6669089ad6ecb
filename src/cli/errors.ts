import { type ExitCode, exit, UserError } from '../lib/errors.ts';
import { machineError } from '../lib/machine-errors.ts';
import { stripControls } from '../lib/text.ts';
import { wasInterrupted } from './interrupt.ts';
import { paint, printJson } from './output.ts';
import { usageError } from './usage-errors.ts';

/** The `error` of the JSON envelope (design: section 7). */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Exit code and JSON of anything that was thrown. `command` is the id of the command, '' before one is known. */
export function toErrorDocument(thrown: Error, command: string): { code: ExitCode; document: ErrorDocument } {
  const error = thrown instanceof UserError ? thrown : (usageError(thrown, command) ?? machineError(thrown) ?? thrown);
  if (error instanceof UserError) {
    const { code, hint, details } = error;
    return { code: error.exit, document: { code, message: withoutFrame(error.message), hint, details } };
  }
  return {
    code: exit.failed,
    document: { code: 'BUG', message: error.message, hint: 'swarm doctor', details: { stack: error.stack ?? null } },
  };
}

/** The error for a person: what happened, then what to type; a bug with its stack and how to report it. */
export function renderError(document: ErrorDocument): string {
  const cross = paint('red', '✗', process.stderr);
  if (document.code === 'BUG') {
    const stack = stripControls(String(document.details['stack'] ?? document.message));
    const ask = 'This is a bug in swarm. Please report it with the lines above and the output of: swarm doctor';
    return `${cross} ${stack}\n${ask}\n`;
  }
  const arrow = paint('cyan', '→', process.stderr);
  const hint = document.hint === null ? '' : `${arrow} ${stripControls(document.hint)}\n`;
  return `${cross} ${stripControls(document.message)}\n${hint}`;
}

/** Tells what was thrown, on stdout as JSON or on stderr for a person, and sets the exit code. Silent after Ctrl-C. */
export function reportError(thrown: unknown, command: string, json: boolean): void {
  if (wasInterrupted()) {
    process.exitCode = exit.interrupted;
    return;
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code, document } = toErrorDocument(error, command);
  if (json) printJson({ error: document });
  else process.stderr.write(renderError(document));
  process.exitCode = code;
}

/** oclif wraps what a flag's own parser throws: `Parsing --flag \n\t…\nSee more help with --help`. */
function withoutFrame(message: string): string {
  return message.replace(/^Parsing --\S+ \n\t/, '').replace(/\nSee more help with --help$/, '');
}
