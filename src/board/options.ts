import type { Message } from './messages/types.ts';

/** An answer to choose from. */
interface Option {
  readonly text: string;
  /** The number that means it; null where only its text does. */
  readonly number: number | null;
}

/** The answers that a question offers, in their order. */
export function optionsOf({ payload }: Pick<Message, 'payload'>): string[] {
  const { options } = payload;
  return Array.isArray(options) ? options.map(String) : [];
}

/**
 * The same with the numbers that mean them. Options that are numbers themselves (2, 3, 4) have none: what one types there
 * is the answer.
 */
export function numberedOptions(question: Pick<Message, 'payload'>): Option[] {
  const texts = optionsOf(question);
  const clash = texts.some((text, at) => Number(text) !== at + 1 && texts[Number(text) - 1] !== undefined);
  return texts.map((text, at) => ({ text, number: clash ? null : at + 1 }));
}

/** The option that an answer names, by its text or its number, and its place from 1; null for any other answer. */
export function chosenOption(
  question: Pick<Message, 'payload'>,
  answer: string,
): { readonly place: number; readonly text: string } | null {
  const word = answer.trim();
  const options = numberedOptions(question);
  const byText = options.findIndex(({ text }) => text.trim() === word);
  const at = byText === -1 ? options.findIndex(({ number }) => number !== null && number === Number(word)) : byText;
  const text = options[at]?.text;
  return text === undefined ? null : { place: at + 1, text };
}
