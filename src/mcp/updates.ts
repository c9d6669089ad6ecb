import { setTimeout as delay } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/server';
import { BOARD_BELL, listen } from '../board/bell.ts';
import type { Board } from '../board/context.ts';
import { messageOf } from '../lib/errors.ts';
import { log } from '../lib/log.ts';
import { RESOURCES } from './resources.ts';

/** Milliseconds between two looks: many changes make one notification. */
const PACE = 250;
/** Milliseconds after which it looks without a bell. */
const LOOK = 5000;

/** Tells a client of changes of the board. */
export class Updates {
  readonly #server: McpServer;
  readonly #board: Board;
  /** Whether the client wants to hear of this one. */
  readonly #wants: (uri: string) => boolean;
  readonly #over = new AbortController();
  #begun: Promise<void> | null = null;

  constructor(server: McpServer, board: Board, wants: (uri: string) => boolean) {
    this.#server = server;
    this.#board = board;
    this.#wants = wants;
  }

  /** From when this resolves on, no change is missed. Nobody who asks for nothing is watched for. */
  begin(): Promise<void> {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  end(): void {
    this.#over.abort();
  }

  async #begin(): Promise<void> {
    const { signal } = this.#over;
    const bell = listen(this.#board, BOARD_BELL, signal);
    const marks = await this.#marks();
    const watch = async () => {
      while (!signal.aborted) {
        await bell.heard(LOOK);
        for (const [uri, mark] of await this.#marks()) {
          if (marks.get(uri) !== mark && this.#wants(uri)) await this.#server.server.sendResourceUpdated({ uri });
          marks.set(uri, mark);
        }
        await delay(PACE, null, { signal });
      }
    };
    // A client that is not told any more still can ask.
    watch().catch((error: unknown) => {
      bell.close();
      if (!signal.aborted) log('warn', `changes of the board are not told any more: ${messageOf(error)}`);
    });
  }

  async #marks(): Promise<Map<string, string>> {
    const pairs = RESOURCES.map(async ({ uri, mark }) => [uri, await mark(this.#board)] as const);
    return new Map(await Promise.all(pairs));
  }
}
