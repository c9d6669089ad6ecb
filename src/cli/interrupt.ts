import { exit } from '../lib/errors.ts';

let controller: AbortController | null = null;
let interrupted = false;

/** Whether Ctrl-C (or a polite end) was asked for: what fails after that is no news to anybody. */
export function wasInterrupted(): boolean {
  return interrupted;
}

/**
 * A signal that aborts on Ctrl-C, SIGTERM and SIGHUP, for work that has something to put in order before it ends.
 * A second Ctrl-C ends the program at once.
 */
export function interruptSignal(): AbortSignal {
  controller ??= new AbortController();
  for (const name of ['SIGTERM', 'SIGHUP'] as const) process.once(name, onInterrupt);
  return controller.signal;
}

/** Makes Ctrl-C end the program silently with 130, or abort the work of those who asked for the signal. */
export function watchInterrupts(): void {
  process.on('SIGINT', onInterrupt);
}

function onInterrupt(): void {
  process.exitCode = exit.interrupted;
  if (controller === null || interrupted) process.exit();
  interrupted = true;
  controller.abort();
}
