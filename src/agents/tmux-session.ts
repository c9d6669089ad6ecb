import { renderTemplate } from '../lib/template.ts';
import { withLease } from '../store/leases.ts';
import type { AgentRow } from '../store/schema.ts';
import type { SessionRef } from '../tmux/sessions.ts';
import type { WindowRef } from '../tmux/windows.ts';
import { requireWorktree } from './ground.ts';
import { closePanes, isFurtherPane } from './panes.ts';
import { recordServer, type Session } from './session.ts';
import { windowTitle } from './window-name.ts';

/** Milliseconds that another process may take to make the tmux session or a window in it. */
export const WINDOW_LEASE = 30_000;

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
export async function tmuxSession(session: Session): Promise<SessionRef> {
  const found = await repositorySession(session);
  await recordServer(session);
  return found;
}

function repositorySession(session: Session): Promise<SessionRef> {
  const { config, tmux, repo, id } = session;
  if (wantsCurrent(session)) return tmux.currentSession();
  const wish = config.tmux.session;
  const named = wish === null || wish === 'current' ? 'swarm-{{repo}}' : wish;
  return tmux.ensureSession({ id, name: renderTemplate(named, { repo: repo.name }, 'tmux.session'), cwd: repo.root });
}

const wantsCurrent = ({ config, env }: Session) => config.tmux.session === 'current' && Boolean(env['TMUX']);

/** Refuses, before anything is made, what the caller's terminal can't give: a window beside it on another tmux server. */
export async function requireTmux(session: Session): Promise<void> {
  await session.tmux.requireVersion();
  if (wantsCurrent(session)) await session.tmux.currentSession();
}

/**
 * Closes the agent's panes, and its window with them unless its user has put something of their own beside them. Found
 * by the agent's mark: a restarted server gives old ids to strangers. A pane that its user opened stays, and is nobody's.
 */
export async function closeWindow(session: Session, row: AgentRow): Promise<void> {
  const panes = await session.tmux.listAgentPanes();
  await closePanes(
    session,
    panes.filter((pane) => isFurtherPane(pane, row.id)),
  );
  for (const { pane, adopted } of panes.filter(({ agentId }) => agentId === row.id)) {
    // That it stays when its program has ended is left to it: tmux may not have noticed that yet.
    if (adopted) for (const mark of ['@swarm_agent', '@swarm_adopted']) await session.tmux.unsetOption(pane, mark);
    else await session.tmux.killPane(pane);
  }
}
