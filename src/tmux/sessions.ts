import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { exit, UserError } from '../lib/errors.ts';
import { failure, lines, requireVersion, type TmuxClient, type TmuxResult } from './client.ts';
import { literal, quoted, sessionName } from './words.ts';

export interface SessionRef {
  /** tmux's id, `$1`. */
  readonly session: string;
  /** The window that only keeps a new session alive; the first agent's window takes its place. */
  readonly placeholder: string | null;
}

/** Lines that a pane of ours remembers at least; a user's larger `history-limit` stays. */
const HISTORY = 10_000;
/** Detached windows would be 80×24, too narrow for an agent's screen to be read. */
const SIZE = { width: 200, height: 50 } as const;
/** Seconds after which a session that never got its first window ends by itself. */
const LIFE = 60;
/** Milliseconds that a server may take to end after its last session. */
const LEAVING = 2000;
const PLACEHOLDER = 'swarm-placeholder';

const OF_SESSIONS = '#{session_id}|#{window_id}|#{?@swarm_placeholder,1,0}|#{@swarm_session}';

/** The session with this id of swarm's (never looked up by its name, which the user may change); null when there is none. */
export async function findSession(client: TmuxClient, id: string): Promise<SessionRef | null> {
  const result = await client.try([['list-windows', '-a', '-F', OF_SESSIONS]]);
  // A server whose last session has just ended has no target.
  if (result.problem === 'no-server' || result.problem === 'no-target') return null;
  if (result.problem !== null) throw failure([['list-windows']], result);
  const windows = lines(result.stdout).map((line) => line.split('|'));
  const ours = windows.filter(([, , , ...rest]) => rest.join('|') === id);
  const session = ours[0]?.[0];
  if (session === undefined) return null;
  return { session, placeholder: ours.find(([, , placeholder]) => placeholder === '1')?.[1] ?? null };
}

/**
 * The tmux session of a repository, made when it isn't there. `name` is a wish: it is made fit for tmux, and gets a
 * number when a session that is not ours has it. The caller sees to it that two calls for one `id` don't run at once.
 */
export async function ensureSession(
  client: TmuxClient,
  wanted: { readonly id: string; readonly name: string; readonly cwd: string },
): Promise<SessionRef> {
  const found = await findSession(client, wanted.id);
  // A server that has our session has been found new enough.
  if (found) return found;
  await requireVersion(client);
  const base = sessionName(wanted.name);
  const end = performance.now() + LEAVING;
  for (let number = 1; ; ) {
    const name = number === 1 ? base : `${base}-${number}`;
    const result = await client.try(creation(client, name, wanted));
    if (result.stdout !== '') return finishCreation(client, wanted.id, result);
    if (/duplicate session/.test(result.stderr) && number < 100) number++;
    // A server whose last session has just ended may still be on its way out.
    else if (result.problem === 'no-server' && performance.now() < end) await delay(25);
    else throw failure([['new-session']], result);
  }
}

function creation(client: TmuxClient, name: string, { id, cwd }: { id: string; cwd: string }): string[][] {
  const names = ['-s', name, '-n', PLACEHOLDER, '-c', literal(cwd)];
  const size = ['-x', String(SIZE.width), '-y', String(SIZE.height)];
  return [
    ['new-session', '-d', '-P', '-F', '#{session_id}|#{window_id}', ...names, ...size, '--', 'sleep', String(LIFE)],
    ...settings(client, `=${name}:`, `=${name}:=${PLACEHOLDER}`, id),
  ];
}

function settings({ socket }: TmuxClient, session: string, window: string, id: string): string[][] {
  const longer = `set-option -t ${quoted(session)} history-limit ${HISTORY}`;
  return [
    ['set-option', '-t', session, '@swarm_session', id],
    // A window or popup that somebody opens beside the agents shall find their server, and not the default one.
    ...(socket === null ? [] : [['set-environment', '-t', session, 'SWARM_TMUX_SOCKET', socket]]),
    // Before any agent's window: a pane keeps the limit that it was born with.
    ['if-shell', '-F', '-t', session, `#{e|<:#{history-limit},${HISTORY}}`, longer],
    ['set-option', '-t', session, 'destroy-unattached', 'off'],
    // A user's hook that renames or splits new windows would run before an agent's window got its identity.
    ['set-hook', '-t', session, 'after-new-window', ''],
    ['set-option', '-w', '-t', window, '@swarm_placeholder', '1'],
    ['set-option', '-w', '-t', window, 'remain-on-exit', 'off'],
  ];
}

/** A hook of the user's may have renamed the session or its window before the settings were made: then by their ids. */
async function finishCreation(client: TmuxClient, id: string, made: TmuxResult): Promise<SessionRef> {
  const [session = '', placeholder = ''] = (lines(made.stdout)[0] ?? '').split('|');
  if (made.problem !== null) await client.chain(settings(client, session, placeholder, id));
  return { session, placeholder };
}

/**
 * Terminals (paths) in which somebody looks at the session with this id of swarm's, or at one of the others (`$1`): the
 * user's own, when agents' windows are there.
 */
export async function terminalsOf(client: TmuxClient, id: string, others: readonly string[]): Promise<string[]> {
  const format = '#{client_control_mode}|#{session_id}|#{@swarm_session}|#{client_tty}';
  const result = await client.try([['list-clients', '-F', format]]);
  if (result.problem !== null) return [];
  return lines(result.stdout).flatMap((line) => {
    const [control, session = '', mark, ...tty] = line.split('|');
    const ours = mark === id || others.includes(session);
    return control === '0' && ours && tty.join('|') !== '' ? tty.join('|') : [];
  });
}

/**
 * The session that the caller's own terminal is in.
 * @throws UserError when the caller is not inside a tmux window of this server.
 */
export async function currentSession(client: TmuxClient): Promise<SessionRef> {
  const place = await insideServer(client);
  if (place) return { session: place.session, placeholder: null };
  const outside = !client.env['TMUX'] || !client.env['TMUX_PANE'];
  throw new UserError({
    code: outside ? 'NOT_IN_TMUX' : 'OTHER_TMUX_SERVER',
    exit: outside ? exit.usage : exit.refused,
    message: outside
      ? "The configuration says 'tmux.session: current', but this terminal is not inside tmux."
      : `The configuration says 'tmux.session: current', but this terminal is inside another tmux server (${socketOf(client.env)}).`,
    hint: "Start tmux first, or take 'tmux.session' out of the configuration.",
  });
}

/** Where in this server the caller's terminal is; null when it is outside or inside another server. */
export async function insideServer(
  client: TmuxClient,
): Promise<{ readonly session: string; readonly pane: string } | null> {
  const pane = client.env['TMUX_PANE'];
  if (!socketOf(client.env) || !pane || !/^%\d+$/.test(pane)) return null;
  const format = '#{pane_id}|#{session_id}|#{pid}|#{socket_path}';
  const result = await client.try([['display-message', '-p', '-t', pane, format]]);
  if (result.problem !== null) return null;
  const [seen, session = '', pid, ...socket] = (lines(result.stdout)[0] ?? '').split('|');
  // TMUX is "socket,server's pid,session".
  const same = client.env['TMUX']?.split(',').at(-2) === pid && socket.join('|') === socketOf(client.env);
  return same && seen === pane ? { session, pane } : null;
}

/** Ends the server and removes its socket, which tmux leaves behind. Nothing happens when it doesn't run. */
export async function endServer(client: TmuxClient): Promise<void> {
  const asked = await client.try([['display-message', '-p', '#{socket_path}'], ['kill-server']]);
  const [socket] = lines(asked.stdout);
  if (socket !== undefined) await rm(socket, { force: true });
}

/** Path of the socket in the caller's `TMUX`; empty outside tmux. */
export function socketOf(env: NodeJS.ProcessEnv): string {
  return (env['TMUX'] ?? '').replace(/,\d+,\d+$/, '');
}
