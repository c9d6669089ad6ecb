import { wantsJson } from './cli/arguments.ts';
import { dispatch } from './cli/dispatch.ts';
import { reportError } from './cli/errors.ts';
import { watchInterrupts } from './cli/interrupt.ts';
import { interruptIsHandled } from './process/interrupt.ts';

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

/** `swarm ls | head` is not an error: the reader has what it wanted. Work that has to be put in order ends as by Ctrl-C. */
function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  if (!interruptIsHandled()) process.exit();
  process.emit('SIGINT', 'SIGINT');
}
