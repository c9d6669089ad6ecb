import { exit, UserError } from './errors.ts';
import { nearest } from './text.ts';

const PLACE = /\{\{\s*([\w-]+)\s*\}\}/gu;

/** Names of the `{{variables}}` in a text, in order, each once. */
export function templateVariables(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(PLACE), (match) => match[1] ?? ''))];
}

/**
 * Puts values into `{{name}}`. Everything else stays as it is, also in the values: nothing is expanded twice.
 * @param what names the text for people, say the key of the config it came from.
 * @throws UserError (exit 2) for a variable that has no value here: an empty text in its place would hide the mistake.
 */
export function renderTemplate(text: string, values: Readonly<Record<string, string>>, what: string): string {
  return text.replace(PLACE, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    const known = Object.keys(values);
    const guess = nearest(name, known, 1)[0] ?? known[0];
    throw new UserError({
      code: 'UNKNOWN_VARIABLE',
      exit: exit.usage,
      message: `${what} names {{${name}}}, which has no value here. Known: ${known.map((one) => `{{${one}}}`).join(', ')}.`,
      hint: guess === undefined ? null : `Did you mean {{${guess}}}?`,
      details: { text, variable: name, known },
    });
  });
}
