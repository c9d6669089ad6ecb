import { Flags } from '@oclif/core';
import type { Session } from '../agents/session.ts';
import { withSession } from '../agents/session.ts';
import { type Board, boardOf } from '../board/context.ts';
import { callerOf, type Participant } from '../board/participants.ts';
import { signOfLife } from '../board/presence.ts';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { insideAgentWindow } from '../workspace/insider.ts';

/** Who speaks, for the commands of the board. */
export const asFlag = Flags.string({
  description: 'Take part under this name; without it you are the person, in an agent’s window that agent.',
  helpValue: 'NAME',
});

/** Opens the board for a command, as whoever calls it: what they hold stays theirs for another while. */
export function withBoard<T>(
  flags: { readonly cd: string; readonly as: string | undefined },
  work: (board: Board, me: Participant, session: Session) => Promise<T>,
): Promise<T> {
  return withSession(flags.cd, async (session) => {
    const board = boardOf(session);
    const me = await callerIn(session, flags.as ?? null);
    await signOfLife(board, me.id);
    return work(board, me, session);
  });
}

/** Who calls a command: the person, the one who joins under `as`, in an agent's window that agent. */
export async function callerIn(session: Session, as: string | null = null): Promise<Participant> {
  const me = await callerOf(boardOf(session), session.env, as);
  if (me.kind !== 'agent') await refuseHiddenAgent(session);
  return me;
}

/** An agent that has put its own name away is nobody else for that. */
async function refuseHiddenAgent({ db, env }: Session): Promise<void> {
  const rows = await db.selectFrom('agents').select('pid').where('pid', 'is not', null).execute();
  const agentPids = rows.flatMap(({ pid }) => pid ?? []);
  if (!(await insideAgentWindow({ env, agentPids }))) return;
  throw new UserError({
    code: 'NOT_YOURS',
    exit: exit.refused,
    message: 'This command was started by an agent whose name (SWARM_AGENT) is not in its environment.',
    hint: 'Run it with the environment that swarm gave to the agent.',
  });
}

/** Milliseconds between two signs of life of a command that waits. */
const SIGN = 60_000;

/** Whoever waits lives: what they hold stays theirs meanwhile. */
export async function holdingOn<T>(board: Board, me: Participant, work: () => Promise<T>): Promise<T> {
  const renew = () => void signOfLife(board, me.id).catch((error) => log('debug', messageOf(error)));
  const timer = setInterval(renew, Math.min(SIGN, board.lease / 4));
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
