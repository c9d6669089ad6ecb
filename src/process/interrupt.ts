const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listeners = new Set<() => void>();

function tellAll(): void {
  for (const listener of listeners) listener();
}

/**
 * Calls `listener` when this process is asked to end, which then no longer ends by itself: for work whose children live
 * in groups of their own, where a ctrl-C does not reach them. Answers how to stop listening.
 */
export function onInterrupt(listener: () => void): () => void {
  if (listeners.size === 0) for (const signal of SIGNALS) process.on(signal, tellAll);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) for (const signal of SIGNALS) process.off(signal, tellAll);
  };
}

/** Whether somebody listens, so that being asked to end is theirs to answer. */
export function interruptIsHandled(): boolean {
  return listeners.size > 0;
}
