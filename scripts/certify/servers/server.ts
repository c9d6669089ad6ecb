import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { makeScript, type Recorded, type Script, type ScriptOfServer } from './script.ts';
import type { Answer, Turn } from './turn.ts';

/** What differs between the model servers' APIs. */
export interface Api {
  /** What a request asks of the model; null when it is none for an answer. */
  read(path: string, body: unknown): Turn | null;
  /** The document for a request that asks no model. */
  other(path: string): { readonly status: number; readonly body: object };
  /** The document of a failed request. */
  failure(status: number): object;
  /** Streams an answer. */
  stream(
    out: EventStream,
    request: { readonly turn: Turn; readonly body: unknown; readonly path: string },
    answer: Said,
  ): Promise<void>;
}

/** An answer that is no failure. */
export type Said = Exclude<Answer, { readonly as: 'error' }>;

/** Server-sent events. */
export interface EventStream {
  /** `event` null: data alone. */
  send(event: string | null, data: object): void;
}

/** A stand-in for a model server, on a port of 127.0.0.1. */
export interface ModelServer extends Script {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a stand-in for the model server that speaks `api`. */
export async function openServer(api: Api): Promise<ModelServer> {
  const script = makeScript();
  const server = createServer((request, response) => {
    handle(api, script, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ...script,
    url: `http://127.0.0.1:${port}`,
    close: () => {
      script.releaseAll();
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function handle(
  api: Api,
  script: ScriptOfServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const path = request.url ?? '/';
  const turn = request.method === 'POST' ? api.read(path, body) : null;
  const record: Recorded = { method: request.method ?? '', path, turn, body, state: 'answering' };
  script.record(record);
  response.on('close', () => {
    if (!response.writableFinished) record.state = 'broken';
  });
  if (turn === null) {
    const { status, body: document } = api.other(path);
    answerJson(response, status, document);
    record.state = 'answered';
    return;
  }
  if (script.held(turn)) record.state = 'held';
  await script.free(turn);
  if (response.destroyed) return;
  const answer = script.answerTo(turn);
  if (answer.as === 'error') {
    answerJson(response, answer.status, api.failure(answer.status));
    record.state = 'failed';
    return;
  }
  record.state = 'answering';
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  await api.stream(eventStream(response), { turn, body, path }, answer);
  if (response.destroyed) return;
  record.state = 'answered';
  response.end();
}

function answerJson(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}

function eventStream(response: ServerResponse): EventStream {
  return {
    send: (event, data) => {
      if (response.destroyed) return;
      response.write(`${event === null ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`);
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return null;
  }
}
