import { decode, flush, type Input } from '../input/decode.ts';

/** Bracketed paste, presses and wheel of the mouse with wide coordinates, and no wrapping at the last column. */
const TAKE = '\u001b[?2004h\u001b[?1000h\u001b[?1006h\u001b[?7l';
const GIVE = '\u001b[?7h\u001b[?1006l\u001b[?1000l\u001b[?2004l';
/** The cursor, the pen and the first screen, whoever had them. */
const SANE = `${GIVE}\u001b[0m\u001b[?25h\u001b[?1049l`;

/** Milliseconds after which a lone Escape is the key and no longer the beginning of a sequence. */
const ESCAPE = 30;

/** The person's terminal: what is typed there, and its modes. */
export interface Terminal {
  take(): void;
  /** Gives it back for another program, as it was. */
  give(): void;
  /** Puts it in order for good, with nothing left to be told. Safe at any moment, again and again. */
  restore(): void;
  /** Writes a control sequence. */
  write(sequence: string): void;
}

/** Takes keys, pastes and the mouse from standard input, in raw mode while it is taken. */
export function terminal(onInput: (input: Input) => void): Terminal {
  const { stdin, stdout } = process;
  let rest = '';
  let timer: NodeJS.Timeout | null = null;
  let over = false;
  const read = (chunk: string): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const decoded = decode(rest + chunk);
    rest = decoded.rest;
    for (const input of decoded.inputs) onInput(input);
    if (rest !== '') timer = setTimeout(settle, ESCAPE);
  };
  const settle = (): void => {
    const inputs = flush(rest);
    // A paste that is not over yet goes on.
    if (inputs.length > 0) rest = '';
    for (const input of inputs) onInput(input);
  };
  const write = (text: string): void => {
    // A terminal that is gone takes nothing, and that is no news.
    if (!stdout.destroyed) stdout.write(text, () => {});
  };
  const raw = (on: boolean): void => {
    try {
      stdin.setRawMode(on);
    } catch {
      // The terminal is gone.
    }
  };
  return {
    write,
    take() {
      stdin.setEncoding('utf8');
      raw(true);
      stdin.on('data', read);
      stdin.resume();
      write(TAKE);
    },
    give() {
      stdin.off('data', read);
      stdin.pause();
      write(GIVE);
      raw(false);
    },
    restore() {
      if (over) return;
      over = true;
      if (timer !== null) clearTimeout(timer);
      stdin.off('data', read);
      stdin.pause();
      write(SANE);
      raw(false);
    },
  };
}
