import { exit } from '../lib/errors.ts';
import { interruptIsHandled, onInterrupt } from '../process/interrupt.ts';

let controller: AbortController | null = null;

/** Whether work was aborted by Ctrl-C: what fails after that is no news to anybody. */
export function wasInterrupted(): boolean {
  return controller?.signal.aborted ?? false;
}

/**
 * A signal that aborts on Ctrl-C, SIGTERM and SIGHUP, for work that has something to put in order before it ends.
 * A second one ends the program at once.
 */
export function interruptSignal(): AbortSignal {
  if (controller === null) {
    const made = new AbortController();
    controller = made;
    onInterrupt(() => (made.signal.aborted ? end() : made.abort()));
  }
  return controller.signal;
}

/** Makes Ctrl-C end the program silently with 130, as long as nobody else has taken it over. */
export function watchInterrupts(): void {
  process.on('SIGINT', () => {
    if (!interruptIsHandled()) end();
  });
}

function end(): void {
  process.exit(exit.interrupted);
}
