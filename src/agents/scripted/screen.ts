import { writeSync } from 'node:fs';
import type { Live } from './render.ts';

export interface Screen {
  /** Adds finished lines above, then redraws what changes. */
  draw(added: readonly string[], live: Live, title: string): void;
  /** After a change of size: what was drawn can't be known any more, so the last of it is drawn anew. */
  redraw(tail: readonly string[], live: Live): void;
  /** From now on a paste comes in brackets. */
  takePastes(): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}

/**
 * Draws on a terminal without clearing it: lines are written over one another, so that a look at the screen in between
 * sees old or new lines, never none.
 */
export function openScreen(fd: number, alternate: boolean): Screen {
  let drawn: readonly string[] = [];
  let cursorRow = 0;
  let title = '';
  let open = true;
  const write = (text: string) => {
    if (open && text !== '') open = writeAll(fd, text);
  };
  const paint = (from: string, added: readonly string[], live: Live) => {
    let text = `\u001b[?25l${from}`;
    for (const line of added) text += `${line}\u001b[K\r\n`;
    live.lines.forEach((line, i) => {
      const last = i === live.lines.length - 1;
      // The last one always: what lies below is cleared from its end.
      if (last || added.length > 0 || line !== drawn[i]) text += `${line}\u001b[K`;
      if (!last) text += '\r\n';
    });
    if (live.lines.length < drawn.length || added.length > 0) text += '\u001b[J';
    const row = live.cursor?.row ?? live.lines.length - 1;
    const up = live.lines.length - 1 - row;
    text += `\r${up > 0 ? `\u001b[${up}A` : ''}${live.cursor ? `\u001b[${live.cursor.column + 1}G\u001b[?25h` : ''}`;
    drawn = live.lines;
    cursorRow = row;
    write(text);
  };
  write(alternate ? '\u001b[?1049h\u001b[H' : '');
  return {
    draw: (added, live, newTitle) => {
      if (newTitle !== title) write(`\u001b]2;${newTitle}\u0007`);
      title = newTitle;
      paint(`\r${cursorRow > 0 ? `\u001b[${cursorRow}A` : ''}`, added, live);
    },
    redraw: (tail, live) => {
      drawn = [];
      paint('\u001b[H\u001b[2J', tail, live);
    },
    takePastes: () => write('\u001b[?2004h'),
    close: () => {
      const down = drawn.length - 1 - cursorRow;
      write(`\u001b[?2004l\u001b[?25h${down > 0 ? `\u001b[${down}B` : ''}\r\n${alternate ? '\u001b[?1049l' : ''}`);
      open = false;
    },
  };
}

/** Writes at once, so that nothing is lost when the program ends. False when the terminal is gone. */
function writeAll(fd: number, text: string): boolean {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return false;
    }
  }
  return true;
}
