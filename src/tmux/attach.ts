import { exit, UserError } from '../lib/errors.ts';
import { failure, lines, type TmuxClient } from './client.ts';
import { insideServer, socketOf } from './sessions.ts';

export interface Destination {
  readonly session: string;
  readonly window: string;
  readonly pane: string;
}

/**
 * How to take a person there: `switched` (their client is there already), or an argv to run in their terminal,
 * which takes it over until they detach.
 * @throws UserError inside a window of another tmux server, where neither is possible.
 */
export async function goTo(
  client: TmuxClient,
  to: Destination,
  options: { readonly readOnly?: boolean } = {},
): Promise<{ readonly switched: true } | { readonly switched: false; readonly argv: readonly string[] }> {
  const window = `${to.session}:${to.window}`;
  const select = [
    ['select-window', '-t', window],
    ['select-pane', '-t', to.pane],
  ];
  const inside = await insideServer(client);
  if (inside) {
    const mine = await clientOf(client, inside);
    // -r changes it over: a client that only reads would be let type.
    const readOnly = options.readOnly && !mine.readOnly ? ['-r'] : [];
    await client.chain([...select, ['switch-client', ...readOnly, '-c', mine.name, '-t', to.session]]);
    return { switched: true };
  }
  const other = socketOf(client.env);
  if (other !== '') throw otherServer(client, other, to);
  await client.chain(select);
  const readOnly = options.readOnly ? ['-r'] : [];
  return { switched: false, argv: [...client.argv, 'attach-session', ...readOnly, '-t', to.session] };
}

/** The client whose terminal the caller sits at: among those of its session, one that shows its pane, else the last one used. */
async function clientOf(
  client: TmuxClient,
  inside: { session: string; pane: string },
): Promise<{ readonly name: string; readonly readOnly: boolean }> {
  const command = [
    'list-clients',
    '-t',
    inside.session,
    '-F',
    '#{client_control_mode}|#{pane_id}|#{client_activity}|#{client_readonly}|#{client_name}',
  ];
  const result = await client.try([command]);
  if (result.problem !== null) throw failure([command], result);
  const found = lines(result.stdout)
    .map((line) => line.split('|'))
    .filter(([control]) => control !== '1')
    .map(([, pane, activity, readOnly, ...name]) => ({
      shows: pane === inside.pane,
      activity: Number(activity),
      readOnly: readOnly === '1',
      name: name.join('|'),
    }))
    .sort((a, b) => Number(b.shows) - Number(a.shows) || b.activity - a.activity);
  const best = found[0];
  if (best) return best;
  throw new UserError({
    code: 'NO_CLIENT',
    exit: exit.failed,
    message: 'No terminal shows the tmux session that this command runs in, so there is nothing to switch.',
    hint: [...client.argv, 'attach-session'].join(' '),
  });
}

function otherServer(client: TmuxClient, other: string, to: Destination): UserError {
  const attach = [...client.argv, 'attach-session', '-t', `'${to.session}'`].join(' ');
  return new UserError({
    code: 'OTHER_TMUX_SERVER',
    exit: exit.refused,
    message: `This terminal is inside another tmux server (${other}) than the agents (${client.socket ?? 'the default one'}); tmux can't go from one to the other.`,
    hint: `Detach from it first, then: ${attach}`,
    details: { inside: other, socket: client.socket },
  });
}
