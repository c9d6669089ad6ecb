import { cut } from './table.ts';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';

/**
 * Draws frames over each other on the terminal's second screen, so that what stood there before comes back in the end,
 * however the program ends. A frame is told how many rows there are; one that is too large is cut.
 */
export class LiveScreen {
  readonly #stream: NodeJS.WriteStream;
  #frame: (rows: number) => string = () => '';

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.write(ENTER);
    stream.on('resize', this.#draw);
    process.on('exit', this.#leave);
  }

  /** Shows what `frame` answers, now and again when the terminal changes its size. */
  show(frame: (rows: number) => string): void {
    this.#frame = frame;
    this.#draw();
  }

  end(): void {
    this.#stream.off('resize', this.#draw);
    process.off('exit', this.#leave);
    this.#leave();
  }

  readonly #leave = (): void => {
    this.#stream.write(LEAVE);
  };

  readonly #draw = (): void => {
    const { columns = 80, rows = 24 } = this.#stream;
    const shown = this.#frame(rows).trimEnd().split('\n').slice(0, rows);
    // From the top, each line's rest and what is below erased: no flicker, as clearing first would make.
    const drawn = shown.map((line) => `${cut(line, columns)}\u001b[K`).join('\r\n');
    this.#stream.write(`\u001b[H${drawn}\u001b[J`);
  };
}
