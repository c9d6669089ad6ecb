import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StdioClientTransport, type StdioServerParameters } from '@modelcontextprotocol/client/stdio';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';

/** Leads HTTP to programs that speak MCP on standard input and output: the conformance suite knows HTTP only. */
export interface Bridge {
  readonly url: string;
  close(): Promise<void>;
}

interface Line {
  readonly http: WebStandardStreamableHTTPServerTransport;
  readonly stdio: StdioClientTransport;
}

/** Opens it on a port of 127.0.0.1; each session gets a server of its own. */
export async function openBridge(program: StdioServerParameters): Promise<Bridge> {
  const lines = new Map<string, Line>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const line = (typeof id === 'string' ? lines.get(id) : undefined) ?? (await connect());
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? null : Buffer.concat(chunks);
    const url = `http://${request.headers.host ?? '127.0.0.1'}${request.url ?? '/'}`;
    const said = await line.http.handleRequest(new Request(url, { method: request.method ?? 'GET', headers, body }));
    response.writeHead(said.status, Object.fromEntries(said.headers));
    response.flushHeaders();
    if (said.body === null) response.end();
    else await pipeline(Readable.fromWeb(said.body as never), response).catch(() => {});
  }

  async function connect(): Promise<Line> {
    const stdio = new StdioClientTransport(program);
    const http = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => {
        lines.set(id, { http, stdio });
      },
    });
    /** Which request a progress token belongs to: its notifications go out on that request's stream. */
    const tokens = new Map<unknown, string | number>();
    http.onmessage = (message) => {
      if ('method' in message && 'id' in message && message.id !== undefined) {
        const token = message.params?._meta?.['progressToken'];
        if (token !== undefined) tokens.set(token, message.id);
      }
      void stdio.send(message);
    };
    stdio.onmessage = (message) => {
      const token = 'params' in message ? message.params?.['progressToken'] : undefined;
      const relatedRequestId = tokens.get(token);
      void http.send(message, relatedRequestId === undefined ? undefined : { relatedRequestId });
    };
    await stdio.start();
    await http.start();
    return { http, stdio };
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/mcp`,
    close: async () => {
      for (const { http, stdio } of lines.values()) {
        await http.close();
        await stdio.close();
      }
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
