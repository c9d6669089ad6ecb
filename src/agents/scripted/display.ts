import { entryLines, live, titleOf } from './render.ts';
import type { Screen } from './screen.ts';
import type { State } from './state.ts';

export interface Display {
  /** Draws the state before the event loop turns. */
  show(state: State): void;
  /** The terminal changed its size. */
  resized(): void;
  takePastes(): void;
  close(): void;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Keeps the terminal showing the state: what was said goes up into the scrollback once, the rest is redrawn. */
export function openDisplay(screen: Screen, size: () => Size, banner: readonly string[], footer: string): Display {
  let state: State | null = null;
  let printed = -1;
  let planned: NodeJS.Immediate | null = null;
  let tick: NodeJS.Timeout | null = null;

  const view = () => {
    const { columns, rows } = size();
    return { width: Math.max(10, columns - 1), height: Math.max(4, rows), now: performance.now(), footer };
  };
  const draw = () => {
    planned = null;
    // Like real ones, it shows nothing before it is ready.
    if (!state || (state.phase === 'starting' && !state.dialog)) return;
    const now = view();
    const lines = state.transcript.slice(Math.max(0, printed)).flatMap((entry) => entryLines(entry, now.width));
    const added = printed < 0 ? [...banner, ...lines] : lines;
    printed = state.transcript.length;
    screen.draw(added, live(state, now), titleOf(state));
    keepTime(state);
  };
  /** The seconds of the working line. */
  const keepTime = ({ phase, dialog }: State) => {
    const runs = phase === 'working' && !dialog;
    if (runs && !tick) tick = setInterval(draw, 1000);
    if (!runs && tick) {
      clearInterval(tick);
      tick = null;
    }
  };
  return {
    show: (next) => {
      state = next;
      planned ??= setImmediate(draw);
    },
    resized: () => {
      if (!state || state.phase === 'hung' || printed < 0) return;
      const now = view();
      const lower = live(state, now);
      const room = now.height - lower.lines.length;
      const tail: string[] = [];
      for (let i = printed - 1; i >= 0 && tail.length < room; i--) {
        const entry = state.transcript[i];
        if (entry) tail.unshift(...entryLines(entry, now.width));
      }
      if (tail.length < room) tail.unshift(...banner);
      screen.redraw(room > 0 ? tail.slice(-room) : [], lower);
    },
    takePastes: () => screen.takePastes(),
    close: () => {
      if (planned) clearImmediate(planned);
      draw();
      if (tick) clearInterval(tick);
      screen.close();
    },
  };
}
