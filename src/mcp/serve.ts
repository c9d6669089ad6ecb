import { once } from 'node:events';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Session } from '../agents/session.ts';
import { makeServer } from './server.ts';

/** Serves the session's board on standard input and output until the client closes its end. */
export async function serveMcp(session: Session): Promise<void> {
  // A pipe tells its end by either of these, as it was closed or broken.
  const gone = Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close')]);
  const connection = serveStdio(() => makeServer(session));
  await gone.catch(() => {});
  await connection.close();
}
