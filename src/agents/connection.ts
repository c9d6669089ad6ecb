import { controlledTmux } from '../tmux/tmux.ts';
import type { Session } from './session.ts';

/** The session for who looks again and again: over one connection to tmux that stays. Close it in the end. */
export function connected(session: Session): { readonly session: Session; readonly close: () => Promise<void> } {
  const { socket, env, id } = session;
  const find = async () => (await session.tmux.findSession(id))?.session ?? null;
  const tmux = controlledTmux({ socket, env }, find);
  return { session: { ...session, tmux }, close: tmux.close };
}
