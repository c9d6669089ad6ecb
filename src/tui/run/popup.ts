import type { Session } from '../../agents/session.ts';

/**
 * Says which pane the popup lies over: tmux tells a popup its server and session (`TMUX`), and no pane; without one, there
 * is no client to switch.
 */
export async function nameOwnPane({ env, tmux }: Session): Promise<void> {
  const id = env['TMUX']?.split(',').at(-1);
  if (id === undefined || env['TMUX_PANE']) return;
  const pane = await tmux.display(`$${id}:`, '#{pane_id}').catch(() => '');
  if (/^%\d+$/.test(pane)) env['TMUX_PANE'] = pane;
}
