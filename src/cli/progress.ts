import { oneLine } from '../lib/text.ts';

/** Milliseconds before anything shows: what is done sooner needs no progress. */
const PATIENCE = 400;
const FRAME = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const CLEAR_LINE = '\r\u001b[K';

export interface Progress {
  /** Replaces the text. */
  update(text: string): void;
  /** Takes the line away while something else is written or asked, and for as long as that takes. */
  hush<T>(work: () => T): T;
  /** Takes the line away for good. */
  stop(): void;
}

/**
 * Shows on stderr what is going on, once it takes longer than 400 ms, and only on a terminal: pipes and logs get
 * nothing. A terminal that can't move the cursor (TERM=dumb) gets the text as lines.
 */
export function progress(first: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (stream.isTTY !== true) return { update: () => {}, hush: (work) => work(), stop: () => {} };
  const plain = process.env['TERM'] === 'dumb';
  let text = first;
  let said = '';
  let frame = 0;
  let shown = false;
  let hushed = 0;
  const draw = () => {
    if (hushed > 0) return;
    const line = oneLine(text, Math.max(1, stream.columns - 3));
    if (!plain) stream.write(`${CLEAR_LINE}${FRAMES[frame++ % FRAMES.length]} ${line}`);
    else if (line !== said) stream.write(`${line}\n`);
    said = line;
    shown = true;
  };
  const clear = () => {
    if (shown && !plain) stream.write(CLEAR_LINE);
    shown = false;
  };
  let timer = setTimeout(() => {
    draw();
    timer = setInterval(draw, FRAME).unref();
  }, PATIENCE).unref();
  return {
    update: (next) => {
      text = next;
    },
    hush: (work) => {
      clear();
      hushed += 1;
      const result = work();
      if (result instanceof Promise) void result.finally(() => hushed--).catch(() => {});
      else hushed -= 1;
      return result;
    },
    stop: () => {
      clearTimeout(timer);
      clear();
    },
  };
}
