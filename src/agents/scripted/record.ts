import { appendFileSync } from 'node:fs';
import type { Effect } from './state.ts';

/** What arrived at the agent, as one JSON line each in the log: how tests prove what a delivery brought, to the byte. */
export type LogLine =
  | {
      readonly at: string;
      readonly prompt: string;
      readonly source: 'typed' | 'pasted' | 'argument';
      /** UTF-8 bytes of the prompt. */
      readonly bytes: number;
      /** Whether it waits for the turn that runs. */
      readonly queued: boolean;
    }
  /** A leading ! / # made it a command. */
  | { readonly at: string; readonly command: string; readonly source: string }
  /** Input that came to nothing; of an Enter, `burst` says that it became a newline. */
  | { readonly at: string; readonly swallowed: string; readonly why: string }
  /** A question was answered: `answer` is the option's text, null when it was cancelled. */
  | { readonly at: string; readonly answer: string | null; readonly question: string };

/** Writes an effect's line, at once. */
export function recordEffect(file: string | null, effect: Effect): void {
  const line = file === null ? null : lineOf(effect, new Date().toISOString());
  if (file !== null && line) appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

function lineOf(effect: Effect, at: string): LogLine | null {
  switch (effect.do) {
    case 'received': {
      const { text: prompt, source } = effect.prompt;
      return { at, prompt, source, bytes: Buffer.byteLength(prompt), queued: effect.queued };
    }
    case 'command':
      return { at, command: effect.text, source: effect.source };
    case 'swallowed':
      return { at, swallowed: effect.text, why: effect.why };
    case 'answer': {
      const answer = effect.option === null ? null : (effect.dialog.options[effect.option] ?? null);
      return { at, answer, question: effect.dialog.text };
    }
    default:
      return null;
  }
}
