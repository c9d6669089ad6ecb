import { oneLine } from '../lib/text.ts';

/** Milliseconds before anything shows: what is done sooner needs no progress. */
const PATIENCE = 400;
const FRAME = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const CLEAR_LINE = '\r\u001b[K';

export interface Progress {
  /** Replaces the text. */
  update(text: string): void;
  /** Takes the line away again. */
  stop(): void;
}

/**
 * Shows on stderr what is going on, once it takes longer than 400 ms, and only on a terminal: pipes and logs get
 * nothing. A terminal that can't move the cursor (TERM=dumb) gets the text as lines.
 */
export function progress(first: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (stream.isTTY !== true) return { update: () => {}, stop: () => {} };
  const plain = process.env['TERM'] === 'dumb';
  let text = first;
  let said = '';
  let frame = 0;
  let shown = false;
  const draw = () => {
    const line = oneLine(text, Math.max(1, stream.columns - 3));
    if (!plain) stream.write(`${CLEAR_LINE}${FRAMES[frame++ % FRAMES.length]} ${line}`);
    else if (line !== said) stream.write(`${line}\n`);
    said = line;
    shown = true;
  };
  let timer = setTimeout(() => {
    draw();
    timer = setInterval(draw, FRAME).unref();
  }, PATIENCE).unref();
  return {
    update: (next) => {
      text = next;
    },
    stop: () => {
      clearTimeout(timer);
      if (shown && !plain) stream.write(CLEAR_LINE);
      shown = false;
    },
  };
}
