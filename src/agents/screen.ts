import { type Pen, penCodes, type Run, readLine, startPen } from './sgr.ts';

/** What a terminal shows, as tmux tells it. */
export interface Screen {
  /** Plain text without escapes, trimmed on the right. */
  readonly lines: readonly string[];
  /** The same lines with their SGR sequences; each stands for itself. */
  readonly styled: readonly string[];
  /** Cell of the cursor, from the top left, or null when not known. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly alternate: boolean;
  /** Whether the terminal's foreground process is the agent itself; null when not known. */
  readonly foregroundIsAgent: boolean | null;
  /** Whether the program reads keys one by one (a terminal that isn't in canonical mode); null when not known. */
  readonly lineEditor: boolean | null;
}

export type ScreenMeta = Partial<Omit<Screen, 'lines' | 'styled'>>;

type LookState = 'ready' | 'busy' | 'waiting' | 'starting' | 'error' | 'unknown';
export type WaitingKind = 'approve' | 'question' | 'plan' | 'trust' | 'login' | 'onboarding' | 'rate-limit';

/** One answer to a dialog. */
export interface DialogOption {
  /** What to press, as tmux key names separated by one space (`2`, `y`, `Down Enter`). */
  readonly key: string;
  readonly label: string;
  readonly selected: boolean;
}

/** What an answer would allow. */
export interface Subject {
  readonly kind: 'command' | 'edit' | 'read' | 'fetch' | 'tool';
  /** The command line, the path as the agent CLI names it, the address, the tool's name. Whole, or it is no subject. */
  readonly what: string;
}

/** What a screen says about its agent. */
export interface Look {
  readonly state: LookState;
  /** For people: names what was seen. */
  readonly reason: string;
  /** Id of the rule that decided. */
  readonly rule: string;
  /** `draft`: null = no input box seen; '' = an empty one (placeholders and ghost suggestions are empty). */
  readonly input: { readonly draft: string | null };
  readonly waiting: null | {
    readonly kind: WaitingKind;
    readonly text: string;
    readonly options: readonly DialogOption[];
    /** Null when the screen does not show it whole. */
    readonly subject: Subject | null;
  };
  /** The program holds a message back until the running turn lets it in. */
  readonly queued: boolean;
}

/** Reads the output of `capture-pane -e -p -N` (or of a plain capture). tmux carries colours over line ends; here every line is made to stand for itself. */
export function parseScreen(capture: string, meta: ScreenMeta = {}): Screen {
  const raw = capture.replace(/\r/g, '').split('\n');
  if (raw.at(-1) === '') raw.pop();
  const lines: string[] = [];
  const styled: string[] = [];
  let pen: Pen = startPen;
  for (const line of raw) {
    const read = readLine(line, pen);
    lines.push(
      read.runs
        .map(({ text }) => text)
        .join('')
        .replace(/[\s\u00a0]+$/u, ''),
    );
    styled.push(penCodes(pen) + line);
    pen = read.pen;
  }
  return {
    lines,
    styled,
    cursor: meta.cursor ?? null,
    title: meta.title ?? '',
    width: meta.width ?? Math.max(1, ...lines.map((line) => line.length)),
    height: meta.height ?? lines.length,
    alternate: meta.alternate ?? false,
    foregroundIsAgent: meta.foregroundIsAgent ?? null,
    lineEditor: meta.lineEditor ?? null,
  };
}

/** The runs of equal style of one line; empty for a line that isn't there. */
export function runsOf(screen: Screen, row: number): readonly Run[] {
  const line = screen.styled[row];
  return line === undefined ? [] : readLine(line, startPen).runs;
}

/** The last `count` lines that aren't blank, in their order. */
export function lastLines(lines: readonly string[], count: number): string[] {
  return lines.filter((line) => line.trim() !== '').slice(-count);
}

/** The last `count` lines that aren't blank as one text: narrow screens break a hint over two lines. */
export function tail(lines: readonly string[], count: number): string {
  return lastLines(lines, count)
    .map((line) => line.trim())
    .join(' ');
}

/** Whether nothing at all is shown. */
export function isBlank(screen: Screen): boolean {
  return screen.lines.every((line) => line.trim() === '');
}
