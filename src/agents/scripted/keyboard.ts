import { decode, flush, type Input, isPending, newDecoder } from './input.ts';

/** Milliseconds after which a lone ESC is the key and not the start of a sequence. */
const ESCAPE_DELAY = 30;

export interface Keyboard {
  /** Reads no more; what is typed stays in the terminal's buffer. */
  stop(): void;
}

/** Reads the terminal in raw mode; `slow` milliseconds late per kB. `gone` is called when there is no terminal any more. */
export function openKeyboard(
  stdin: NodeJS.ReadStream,
  slow: number,
  take: (input: Input) => void,
  gone: () => void,
): Keyboard {
  let decoder = newDecoder;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const read = (chunk: Buffer) => {
    clearTimeout(timer);
    const decoded = decode(decoder, chunk);
    decoder = decoded.decoder;
    for (const input of decoded.inputs) take(input);
    if (isPending(decoder)) timer = setTimeout(unravel, ESCAPE_DELAY);
  };
  const unravel = () => {
    const flushed = flush(decoder);
    decoder = flushed.decoder;
    for (const input of flushed.inputs) take(input);
  };
  stdin.setRawMode(true);
  stdin.on('end', gone).on('error', gone);
  stdin.on('data', (chunk: Buffer) => {
    if (slow === 0) return read(chunk);
    stdin.pause();
    setTimeout(
      () => {
        read(chunk);
        if (!stopped) stdin.resume();
      },
      Math.ceil((slow * chunk.length) / 1000),
    );
  });
  return {
    stop: () => {
      stopped = true;
      stdin.pause();
      // A program that waits for nothing would end.
      setInterval(() => {}, 2 ** 30);
    },
  };
}
