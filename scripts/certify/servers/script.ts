import { type Answer, type Turn, text } from './turn.ts';

/** One request as the server saw it. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  /** Null: no request for an answer of a model. */
  readonly turn: Turn | null;
  readonly body: unknown;
  /** `held`: it waits. `broken`: the client hung up before it had its whole answer. */
  state: 'held' | 'answering' | 'answered' | 'failed' | 'broken';
}

/** What the model says, by the prompt's marker, and what it was asked. */
export interface Script {
  readonly requests: readonly Recorded[];
  /**
   * The answers to the prompt with this marker: one for each time that its tools have answered, the last one from then on.
   * May be called again: a failure that is mended.
   */
  plan(marker: string, ...answers: readonly Answer[]): void;
  /** From now on requests for this prompt wait until they are released. */
  hold(marker: string): void;
  release(marker: string): void;
  /** The agent's own requests about this prompt: no titles, no summaries. */
  turns(marker: string): readonly Recorded[];
}

export interface ScriptOfServer extends Script {
  record(request: Recorded): void;
  answerTo(turn: Turn): Answer;
  /** Resolves when nothing holds the request back. */
  free(turn: Turn): Promise<void>;
  held(turn: Turn): boolean;
  releaseAll(): void;
}

/** What the model says to whatever nothing was planned for. */
export const DEFAULT_ANSWER = 'All of it is done.';

export function makeScript(): ScriptOfServer {
  const requests: Recorded[] = [];
  const plans = new Map<string, readonly Answer[]>();
  const holds = new Map<string, { readonly released: Promise<void>; readonly release: () => void }>();
  const markerOf = ({ marker, tools }: Turn) => (tools.length > 0 && marker !== null ? marker : '');
  return {
    requests,
    plan: (marker, ...answers) => {
      plans.set(marker, answers);
    },
    hold: (marker) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      holds.set(marker, { released: promise, release: resolve });
    },
    release: (marker) => {
      holds.get(marker)?.release();
      holds.delete(marker);
    },
    turns: (marker) => requests.filter(({ turn }) => turn !== null && markerOf(turn) === marker),
    record: (request) => {
      requests.push(request);
    },
    answerTo: (turn) => {
      const answers = plans.get(markerOf(turn)) ?? [];
      return answers[Math.min(turn.results.length, answers.length - 1)] ?? text(DEFAULT_ANSWER);
    },
    free: async (turn) => {
      await holds.get(markerOf(turn))?.released;
    },
    held: (turn) => holds.has(markerOf(turn)),
    releaseAll: () => {
      for (const { release } of holds.values()) release();
      holds.clear();
    },
  };
}
