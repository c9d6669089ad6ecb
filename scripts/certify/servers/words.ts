import { setTimeout as delay } from 'node:timers/promises';

/** The text word by word, with so many milliseconds between two words: as a model streams it. */
export async function* wordsOf(text: string, pace = 0): AsyncGenerator<string, void> {
  for (const word of text.split(/(?<= )/u)) {
    yield word;
    if (pace > 0) await delay(pace);
  }
}
