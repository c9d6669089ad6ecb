import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { UserError } from '../lib/errors.ts';

/** Milliseconds within which a client says its first word. */
const FIRST_WORD = 5000;

/** JSON-RPC's number for an error of the server's own (-32000 to -32099). */
const REFUSED = -32000;

/** Answers the client's first request with why it is not served: many show that, and never what is on stderr. */
export async function refuse({ code, message, hint }: UserError): Promise<void> {
  const transport = new StdioServerTransport();
  const answered = new Promise<void>((resolve) => {
    transport.onmessage = (request) => {
      if (!('id' in request) || !('method' in request) || request.id === undefined) return;
      const error = { code: REFUSED, message: `${code}: ${message}`, data: { code, message, hint } };
      void transport.send({ jsonrpc: '2.0', id: request.id, error }).finally(resolve);
    };
  });
  const over = new AbortController();
  await transport.start();
  const silent = [once(process.stdin, 'end', over), once(process.stdin, 'close', over), delay(FIRST_WORD, null, over)];
  await Promise.race([answered, ...silent.map((one) => one.catch(() => {}))]);
  over.abort();
  await transport.close();
}
