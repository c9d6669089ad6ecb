import { withLease } from '../store/leases.ts';
import type { AgentRow } from '../store/schema.ts';
import type { SessionRef } from '../tmux/sessions.ts';
import type { WindowRef } from '../tmux/windows.ts';
import { requireWorktree } from './ground.ts';
import type { Session } from './session.ts';
import { windowTitle } from './window-name.ts';

/** Milliseconds that another process may take to make the tmux session or a window in it. */
const WINDOW_LEASE = 30_000;

/** Opens the agent's window in the repository's tmux session, which is made when it isn't there. */
export function openWindow(session: Session, row: AgentRow, argv: readonly string[]): Promise<WindowRef> {
  return withLease(session.db, 'window', WINDOW_LEASE, async () =>
    session.tmux.newWindow({
      session: await tmuxSession(session),
      name: windowTitle(session, row),
      cwd: requireWorktree(row),
      argv,
      agentId: row.id,
    }),
  );
}

/** `tmux.session: current` puts windows beside the caller's own; else one session per repository, found by its mark. */
function tmuxSession(session: Session): Promise<SessionRef> {
  const { config, tmux, repo, id, env } = session;
  const wish = config.tmux.session;
  if (wish === 'current' && env['TMUX']) return tmux.currentSession();
  return tmux.ensureSession({
    id,
    name: wish === null || wish === 'current' ? `swarm-${repo.name}` : wish,
    cwd: repo.root,
  });
}

/** Closes the agent's window and its further panes. Found by the agent's mark: a restarted server gives old ids to strangers. */
export async function closeWindow(session: Session, row: AgentRow): Promise<void> {
  const panes = await session.tmux.listAgentPanes();
  for (const pane of panes.filter(({ agentId }) => agentId === row.id)) await session.tmux.killWindow(pane.window);
}
