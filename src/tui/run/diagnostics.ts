import { divertLog } from '../../lib/log.ts';
import type { Notice } from '../state.ts';
import type { Store } from './store.ts';

/**
 * Shows what swarm warns of inside the view: written to the terminal it would lie across the frame, and be gone with it.
 * Answers what ends that and gives all that was said, for the screen that comes back.
 */
export function showDiagnostics(store: Store): () => readonly string[] {
  const said: string[] = [];
  let shown: Notice | null = null;
  const end = divertLog((message) => {
    said.push(message);
    // Of one cause there may be several lines: those that nobody has put away yet stay together.
    const before = shown !== null && store.model().notice === shown ? `${shown.message}\n` : '';
    shown = { level: 'error', message: `${before}${message}`, hint: null };
    store.dispatch({ type: 'notice', notice: shown });
  });
  return () => {
    end();
    return said;
  };
}
