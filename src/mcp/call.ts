import type { ServerContext } from '@modelcontextprotocol/server';
import { signOfLife } from '../board/presence.ts';
import type { Door } from './door.ts';
import type { Call } from './tool.ts';

/** What every call does first: finds out who calls, and takes that for a sign of life. */
export async function beginCall(door: Door, _tool: string, ctx: ServerContext): Promise<Call> {
  const { session, board } = door;
  const me = await door.caller();
  await signOfLife(board, me.id);
  return { session, board, me, door, ctx };
}
