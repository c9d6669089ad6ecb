import { createServer } from 'node:http';

/** A proxy that lets nothing through and remembers what was asked for. */
export interface Barrier {
  /** Variables that lead everything but loopback to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Hosts that somebody wanted, and was refused. */
  readonly refused: ReadonlySet<string>;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1,localhost,::1';

/** Opens the proxy on a port of 127.0.0.1. */
export async function openBarrier(): Promise<Barrier> {
  const refused = new Set<string>();
  const server = createServer((request, response) => {
    const target = URL.canParse(request.url ?? '') ? new URL(request.url ?? '').host : (request.headers.host ?? '?');
    refused.add(target);
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    refused.add(request.url ?? '?');
    socket.on('error', () => {});
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  return {
    env: { ...Object.fromEntries(names.map((name) => [name, url])), NO_PROXY: LOOPBACK, no_proxy: LOOPBACK },
    refused,
    close: () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}
