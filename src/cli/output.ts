import { tame } from '../lib/text.ts';

/** Version of the JSON envelope; it changes only when a script could break. */
const SCHEMA = 1;

/** Prints one JSON document in the envelope of design section 7. */
export function printJson(document: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ schema: SCHEMA, ...document })}\n`);
}

/**
 * Prints the answer for people; ends it with one newline. A file or pipe gets every byte; on a terminal nothing in it
 * (a diff, a commit's subject, a value of the config) can do more than colour it.
 */
export function printText(text: string): void {
  const shown = process.stdout.isTTY ? tame(text) : text;
  if (shown !== '') process.stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`);
}

/** Prints a screen as tmux wrote it: that is nothing but text, colours, links and line drawing. */
export function printScreen(text: string): void {
  process.stdout.write(text);
}

/** Resolves when what was printed is out. Where nobody reads it any more it never does: the program ends with that. */
export function printed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', (error) => {
      if (!error) resolve();
    });
  });
}

/** Tells what is going on, beside the answer. */
export function narrate(text: string): void {
  process.stderr.write(`${tame(text)}\n`);
}

/** Whether colour helps on this stream: a terminal, and NO_COLOR unset. */
export function useColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;

/** Colours text for stdout when colour helps there. */
export function paint(colour: keyof typeof CODES, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return useColour(stream) ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}

/** Whether a question may be asked: a terminal to ask in, and one to read from. */
export function canAsk(json: boolean): boolean {
  return !json && process.stdin.isTTY === true && process.stderr.isTTY === true;
}
