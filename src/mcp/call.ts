import type { ServerContext } from '@modelcontextprotocol/server';
import { noteMcpCall } from '../agents/mcp-evidence.ts';
import { type Session, spoolOf } from '../agents/session.ts';
import type { Board } from '../board/context.ts';
import type { Participant } from '../board/participants.ts';
import { signOfLife } from '../board/presence.ts';
import type { Door } from './door.ts';

/** One call of a tool. */
export interface Call {
  readonly session: Session;
  readonly board: Board;
  /** Who calls. */
  readonly me: Participant;
  readonly ctx: ServerContext;
  /** Tells what the caller does now, for its status: it works, or it waits (for what, and until when). */
  note(state: 'working' | 'waiting' | 'idle', what: string | null, until: number | null): void;
  /** These messages go out with the answer. */
  handOver(ids: readonly string[]): void;
  /** The answer is on its way. */
  answered(): void;
}

/** What every call does first: finds out who calls, and takes that for a sign of life. */
export async function beginCall(door: Door, tool: string, ctx: ServerContext): Promise<Call> {
  const { session, board, handed } = door;
  const me = await door.caller();
  await handed.arrived();
  await signOfLife(board, me.id);
  const given: string[] = [];
  const call: Call = {
    session,
    board,
    me,
    ctx,
    note(state, what, until) {
      if (me.kind !== 'agent') return;
      noteMcpCall(spoolOf(session.repo, me), { what: what === null ? tool : `${tool} ${what}`, state, until });
    },
    handOver: (ids) => {
      given.push(...ids);
    },
    // Nothing goes out to who does not want it any more.
    answered: () => handed.add(me, ctx.mcpReq.signal.aborted ? [] : given),
  };
  call.note('working', null, null);
  return call;
}
