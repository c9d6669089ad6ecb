import { once } from 'node:events';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Session } from '../agents/session.ts';
import { openDoor } from './door.ts';
import { makeServer } from './server.ts';

/**
 * Serves the session's board on standard input and output until the client closes its end.
 * @throws UserError when it can't be told who calls.
 */
export async function serveMcp(session: Session, as: string | null): Promise<void> {
  const door = await openDoor(session, as);
  // A pipe tells its end by either of these, as it was closed or broken.
  const gone = Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close')]);
  const connection = serveStdio(({ era }) => makeServer(door, era));
  await gone.catch(() => {});
  await connection.close();
}
