import { wantsJson } from './cli/arguments.ts';
import { dispatch } from './cli/dispatch.ts';
import { reportError } from './cli/errors.ts';
import { watchInterrupts } from './cli/interrupt.ts';

/** Runs the program with the words after its name; sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onStreamError);
  watchInterrupts();
  try {
    await dispatch(args);
  } catch (thrown) {
    reportError(thrown, '', wantsJson(args));
  }
}

/** `swarm ls | head` is not an error: the reader has what it wanted. */
function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}
