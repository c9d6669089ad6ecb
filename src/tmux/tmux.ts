import { type Destination, goTo } from './attach.ts';
import { requireVersion, type TmuxClient, type TmuxOptions, tmuxClient } from './client.ts';
import { controlled } from './control.ts';
import { type Marks, setMarks } from './marks.ts';
import { capture, listAgentPanes, reap, snapshot } from './panes.ts';
import { findService, forgiveService, openService, retireService, type Service } from './service.ts';
import { currentSession, endServer, ensureSession, findSession, insideServer, terminalsOf } from './sessions.ts';
import { type Guard, keys, paste } from './typing.ts';
import { serverVariables } from './variables.ts';
import { type NewPane, type NewWindow, newWindow, respawnPane, splitPane } from './windows.ts';
import { literal, windowName } from './words.ts';

/** One tmux server, with all that swarm asks of it. Nothing is looked up by a name that a user may change. */
export type Tmux = ReturnType<typeof tmux>;

/** The server at `tmux -L socket` (null: the default one), whether it runs or not. */
export function tmux(options: TmuxOptions) {
  return overClient(tmuxClient(options));
}

/** The same over one connection that stays; `session`: see {@link controlled}. Close it in the end. */
export function controlledTmux(options: TmuxOptions, session: () => Promise<string | null>) {
  const client = controlled(tmuxClient(options), session);
  return { ...overClient(client), connected: client.connected, close: client.close };
}

function overClient(client: TmuxClient) {
  const tryIt = async (args: readonly string[]) => (await client.try([args])).problem === null;
  return {
    ...client,
    requireVersion: () => requireVersion(client),
    ensureSession: (wanted: Parameters<typeof ensureSession>[1]) => ensureSession(client, wanted),
    findSession: (id: string) => findSession(client, id),
    terminals: (id: string, others: readonly string[]) => terminalsOf(client, id, others),
    currentSession: () => currentSession(client),
    insideServer: () => insideServer(client),
    variables: () => serverVariables(client),
    newWindow: (wanted: NewWindow) => newWindow(client, wanted),
    splitPane: (wanted: NewPane) => splitPane(client, wanted),
    respawnPane: (wanted: Parameters<typeof respawnPane>[1]) => respawnPane(client, wanted),
    openService: (wanted: Service) => openService(client, wanted),
    findService: (mark: string) => findService(client, mark),
    retireService: (mark: string) => retireService(client, mark),
    forgiveService: (mark: string) => forgiveService(client, mark),
    setMarks: (now: Marks, before: Marks | null) => setMarks(client, now, before),
    reap: () => reap(client),
    listAgentPanes: () => listAgentPanes(client),
    snapshot: (panes: readonly string[]) => snapshot(client, panes),
    capture: (pane: string, how?: Parameters<typeof capture>[2]) => capture(client, pane, how),
    paste: (pane: string, guard: Guard, text: string) => paste(client, pane, guard, text),
    keys: (pane: string, guard: Guard, names: readonly string[]) => keys(client, pane, guard, names),
    goTo: (to: Destination, how?: Parameters<typeof goTo>[2]) => goTo(client, to, how),
    /** False when it is gone already. */
    killWindow: (window: string) => tryIt(['kill-window', '-t', window]),
    killPane: (pane: string) => tryIt(['kill-pane', '-t', pane]),
    /** Ends the server with all that runs in it, and removes its socket: only for a server that the caller started. */
    endServer: () => endServer(client),
    renameWindow: (window: string, name: string) =>
      client.run(['rename-window', '-t', window, '--', literal(windowName(name))]),
    selectWindow: (window: string) => client.run(['select-window', '-t', window]),
    setOption: (scope: 'session' | 'window' | 'pane', target: string, name: string, value: string) =>
      client.run([
        'set-option',
        ...{ session: [], window: ['-w'], pane: ['-p'] }[scope],
        '-t',
        target,
        '--',
        name,
        value,
      ]),
    /** Takes an option of a pane away. */
    unsetOption: (pane: string, name: string) => tryIt(['set-option', '-p', '-u', '-t', pane, '--', name]),
    /** A format's value for a pane, window or session; of another one when it is gone, so ask for its id with it. */
    display: async (target: string, format: string) =>
      (await client.run(['display-message', '-p', '-t', target, format])).replace(/\n$/, ''),
  };
}
