import { exit, UserError } from '../lib/errors.ts';
import type { ParticipantRow } from '../store/board-schema.ts';
import type { AgentRow } from '../store/schema.ts';
import { type Board, transact } from './context.ts';
import { recordEvent } from './events.ts';
import { agentByToken, descendsFrom, namedAgent } from './proof.ts';

/** The person at the keyboard, who needs no name. */
export const PERSON_ID = 'person';

/** One who takes part in the board: an agent, somebody who joined by name, or the person. */
export interface Participant {
  /** An agent's id, `guest:NAME`, or `person`. */
  readonly id: string;
  readonly kind: ParticipantRow['kind'];
  readonly name: string;
  readonly role: string;
  /** Whether it may change what others hold. */
  readonly leads: boolean;
  /** It would lead by its role, and nothing shows that the caller is it. */
  readonly unproven?: true;
  /** What tasks may ask for: its role and its agent CLI. */
  readonly capabilities: readonly string[];
}

export const PERSON: Participant = {
  id: PERSON_ID,
  kind: 'person',
  name: 'person',
  role: 'leader',
  leads: true,
  capabilities: ['leader', 'person'],
};

/** The program itself, where it decides by a rule: the history tells it from the person. */
export const SWARM: Participant = {
  id: 'guest:swarm',
  kind: 'guest',
  name: 'swarm',
  role: 'leader',
  leads: true,
  capabilities: ['leader'],
};

export function participantOfAgent({ id, name, role, cli }: AgentRow): Participant {
  return { id, kind: 'agent', name, role, leads: role === 'leader', capabilities: [role, cli] };
}

export function guest(name: string): Participant {
  return { id: `guest:${name}`, kind: 'guest', name, role: 'worker', leads: false, capabilities: ['worker', 'guest'] };
}

/**
 * Who calls, from a shell: inside an agent's window the agent that its environment names; else the one who joins under
 * `as`; else the person. What has an agent's name without its token (hooks, `swarm exec`) speaks as it, and never leads.
 * @throws UserError exit 4 for another's name or token inside an agent's window, 2 for a name that can't be one.
 */
export async function callerOf(board: Board, env: NodeJS.ProcessEnv, as: string | null): Promise<Participant> {
  const { SWARM_AGENT: name, SWARM_TOKEN: token } = env;
  if (!name) return as === null ? enter(board, PERSON) : enter(board, await newcomer(board, as));
  refuseOtherName(name, as);
  const row = await namedAgent(board.db, name, token || null);
  if (row !== undefined) {
    const me = participantOfAgent(row);
    const proven = !me.leads || Boolean(token) || (await descendsFrom(row));
    return enter(board, proven ? me : { ...me, leads: false, unproven: true });
  }
  throw new UserError({
    code: 'NO_SUCH_AGENT',
    exit: exit.notFound,
    message: `This terminal belongs to the agent '${name}' (SWARM_AGENT), and this repository's session has no such agent.`,
    hint: 'swarm ls',
    details: { agent: name },
  });
}

/** Who calls, from a program that can't be asked twice: an agent is known by its token alone. */
export async function callerByToken(board: Board, env: NodeJS.ProcessEnv, as: string | null): Promise<Participant> {
  const { SWARM_TOKEN: token, SWARM_AGENT: name } = env;
  if (!token && !name) return callerOf(board, env, as);
  refuseOtherName(name ?? 'an agent', as);
  const row = token ? await agentByToken(board.db, token) : undefined;
  if (row !== undefined) return enter(board, participantOfAgent(row));
  throw new UserError({
    code: 'BAD_TOKEN',
    exit: exit.refused,
    message: token
      ? `The token in SWARM_TOKEN is not that of an agent's latest start${name ? ` (the environment says '${name}')` : ''}.`
      : `The environment says '${name}' (SWARM_AGENT) and has no SWARM_TOKEN, by which an agent is known.`,
    hint: name ? `swarm restart ${name}` : 'swarm ls',
    details: { agent: name ?? null },
  });
}

/** Takes part from now on, if it does not already. */
export async function enter(board: Board, who: Participant): Promise<Participant> {
  const { id, kind, name, role } = who;
  const known = await board.db.selectFrom('participants').selectAll().where('id', '=', id).executeTakeFirst();
  if (known?.name === name && known.role === role && known.left_at === null) return who;
  const now = new Date().toISOString();
  const back = { left_at: null, ...(known?.left_at ? { last_seen_at: now } : {}) };
  await transact(board, async ({ db }) => {
    const added = await db
      .insertInto('participants')
      .values({ id, kind, name, role, joined_at: now, last_seen_at: now, left_at: null })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, role, ...back }))
      .returning('joined_at')
      .executeTakeFirst();
    if (kind === 'guest' && (added?.joined_at === now || known?.left_at))
      await recordEvent(db, name, 'joined', { kind });
  });
  return who;
}

function refuseOtherName(agent: string, as: string | null): void {
  if (as === null) return;
  throw new UserError({
    code: 'NOT_YOURS',
    exit: exit.refused,
    message: `This is ${agent}'s window: it can't speak as '${as}'.`,
    hint: 'Leave --as out, or run the command in a terminal of your own.',
    details: { agent, as },
  });
}

/** Names of the person, of leaders, and of the program's own that the history shows. */
const NOBODY = new Set(['person', 'leader', 'all', SWARM.name, 'files']);

/** Who would join under a name: a plain one, and nobody else's. @throws UserError exit 2 or 4. */
export async function newcomer(board: Board, name: string): Promise<Participant> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(name) || NOBODY.has(name)) {
    throw new UserError({
      code: 'BAD_NAME',
      exit: exit.usage,
      message: `'${name}' can't be a name to join by: up to 64 letters, digits, '.', '_' and '-', and not ${[...NOBODY].join(', ')}.`,
      hint: '--as terminal-2',
      details: { name },
    });
  }
  const agent = await board.db.selectFrom('agents').select('name').where('name', '=', name).executeTakeFirst();
  if (agent === undefined) return guest(name);
  throw new UserError({
    code: 'NAME_TAKEN',
    exit: exit.refused,
    message: `'${name}' is an agent of this session; nobody else can speak as it.`,
    hint: '--as terminal-2',
    details: { name },
  });
}
