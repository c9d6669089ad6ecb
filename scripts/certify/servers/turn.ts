/** One thing that a request tells of the conversation so far. */
export interface Entry {
  readonly by: 'user' | 'agent' | 'tool';
  readonly text: string;
}

/** What an agent CLI asks a model for. */
export interface Turn {
  /** All texts that stand in the user's name, oldest first: also what the CLI itself put in. */
  readonly said: readonly string[];
  /** What tools have answered since the newest marked prompt. */
  readonly results: readonly string[];
  /** Names of the tools that the model is offered. Without any it is not the agent who asks: a title, a summary, a choice of model. */
  readonly tools: readonly string[];
  /** The newest marker in what the user said; null without one. */
  readonly marker: string | null;
  /** The text that holds it. */
  readonly prompt: string | null;
}

/** What every prompt of a certification holds once, so that the server knows which one it answers. */
const MARKER = /certify-\d+/u;

/** Reads a conversation: the newest text with a marker is the prompt, whatever a CLI puts in before and after it. */
export function turnOf(entries: readonly Entry[], tools: readonly string[]): Turn {
  const newest = entries.findLastIndex(({ by, text }) => by === 'user' && MARKER.test(text));
  const prompt = entries[newest]?.text ?? null;
  return {
    said: entries.filter(({ by }) => by === 'user').map(({ text }) => text),
    results: entries.filter(({ by }, index) => by === 'tool' && index > newest).map(({ text }) => text),
    tools,
    marker: prompt === null ? null : (MARKER.exec(prompt)?.[0] ?? null),
    prompt,
  };
}

/** What the model answers. */
export type Answer =
  /** `pace`: milliseconds between two words. */
  | { readonly as: 'text'; readonly text: string; readonly pace?: number }
  /** `namespace`: where OpenAI's form keeps tools of the same kind together. */
  | { readonly as: 'tool'; readonly name: string; readonly input: object; readonly namespace?: string }
  | { readonly as: 'error'; readonly status: number };

export const text = (words: string, pace = 0): Answer => ({ as: 'text', text: words, pace });
export const tool = (name: string, input: object): Answer => ({ as: 'tool', name, input });
export const failure = (status: number): Answer => ({ as: 'error', status });
