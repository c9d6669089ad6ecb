import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Path of a server's socket: of `-L` name (or a path, as for `-S`), or null for the default one (tmux.c, make_label). */
export function socketPath(socket: string | null, env: NodeJS.ProcessEnv): string {
  if (socket?.includes('/')) return socket;
  return join(env['TMUX_TMPDIR'] || '/tmp', `tmux-${userInfo().uid}`, socket ?? 'default');
}

/**
 * The server of a session whose windows were last on `recorded` (a path; null: not known), for {@link socketPath}: who
 * names none finds the windows also where the variables that led to them are missing. MCP clients, cron and editors
 * hand few on, and another server would show every agent as gone.
 */
export function serverFor(env: NodeJS.ProcessEnv, recorded: string | null): string | null {
  const named = env['SWARM_TMUX_SOCKET'] || null;
  if (named !== null || recorded === null || recorded === socketPath(null, env)) return named;
  return existsSync(recorded) ? recorded : null;
}
