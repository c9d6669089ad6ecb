import { allAgents } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { type Board, boardOf } from '../board/context.ts';
import { markSeen } from '../board/messages/receipts.ts';
import { callerByToken, type Participant } from '../board/participants.ts';
import { exit, UserError } from '../lib/errors.ts';
import { insideAgentWindow } from '../workspace/insider.ts';
import { Handed } from './handed.ts';

/** What one connection is served with. */
export interface Door {
  readonly session: Session;
  readonly board: Board;
  /**
   * Who calls. Asked anew at each call: an agent's token is worth nothing once the agent was started again, and its name
   * and role may change. @throws UserError when its environment's token is no longer, or never was, an agent's.
   */
  caller(): Promise<Participant>;
  readonly handed: Handed;
}

/**
 * Opens the board for whoever this process serves: the agent whose token is in the environment, who joins under `as`,
 * or the person. @throws UserError when that can't be told, or is not theirs to say.
 */
export async function openDoor(session: Session, as: string | null): Promise<Door> {
  const board = boardOf(session);
  const { env } = session;
  if (!env['SWARM_TOKEN'] && !env['SWARM_AGENT']) await refuseNamelessAgent(session, as);
  const caller = () => callerByToken(board, env, as);
  await caller();
  return { session, board, caller, handed: new Handed((me, ids) => markSeen(board, me, ids, 'mcp')) };
}

/** An agent that drops its environment is nobody else for it: what it starts still is its own. */
async function refuseNamelessAgent(session: Session, as: string | null): Promise<void> {
  const agentPids = (await allAgents(session.db)).flatMap(({ pid }) => pid ?? []);
  if (!(await insideAgentWindow({ env: session.env, agentPids }))) return;
  throw new UserError({
    code: 'NO_TOKEN',
    exit: exit.refused,
    message: `An agent started this, and its environment lacks the token (SWARM_TOKEN) by which an agent is known: ${
      as === null ? 'it is not the person' : `it can't speak as '${as}'`
    }.`,
    hint: 'Hand on the variables that begin with SWARM_; an agent that was adopted in its pane gets them by: swarm restart AGENT',
  });
}
