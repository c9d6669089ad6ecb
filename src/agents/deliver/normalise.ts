import { exit, UserError } from '../../lib/errors.ts';
import { stripControls } from '../../lib/text.ts';
import type { AgentCli } from '../clis/types.ts';

export interface Prompt {
  /** What is typed. */
  readonly text: string;
  /** What was changed, for people. */
  readonly changes: readonly string[];
}

/** A terminal that hands over whole lines (canonical mode) cuts one at so many bytes, its end included. */
const LINE_BYTES = 4096;

/**
 * The text as it is typed. Line ends become LF, control sequences go (a smuggled end-of-paste would make the rest of
 * the text keys), everything else stays as it is; the adapter's guard is put on unless `raw`.
 * @throws UserError exit 2 for an empty prompt, exit 6 for one that a line-mode program can't take whole.
 */
export function normalise(text: string, cli: Pick<AgentCli, 'guard' | 'paste' | 'title'>, raw: boolean): Prompt {
  const changes: string[] = [];
  const step = (before: string, after: string, change: string) => {
    if (after !== before) changes.push(change);
    return after;
  };
  const whole = step(text, text.toWellFormed(), 'half characters (lone surrogates) replaced by U+FFFD');
  const lf = step(whole, whole.replace(/\r\n?/g, '\n'), 'line ends made LF');
  const plain = step(lf, stripControls(lf), 'terminal control characters removed');
  if (plain.trim() === '') throw emptyPrompt(text);
  const guarded = raw ? { text: plain, changed: null } : cli.guard(plain);
  if (guarded.changed !== null) changes.push(guarded.changed);
  return { text: cli.paste === 'line' ? oneLine(guarded.text, cli.title) : guarded.text, changes };
}

function emptyPrompt(text: string): UserError {
  const what = text === '' ? 'is empty' : text.trim() === '' ? 'is only white space' : 'holds only control characters';
  return new UserError({
    code: 'EMPTY_PROMPT',
    exit: exit.usage,
    message: `The prompt ${what}: there is nothing to send.`,
    hint: 'Give it as the last argument, or with --file FILE.',
  });
}

/** The line, without the line feed at its end: Enter is that. */
function oneLine(text: string, title: string): string {
  const line = text.replace(/\n$/, '');
  const bytes = Buffer.byteLength(line) + 1;
  const lines = line.split('\n').length;
  if (lines === 1 && bytes < LINE_BYTES) return line;
  const found = lines > 1 ? `has ${lines} lines` : `has ${bytes} bytes`;
  throw new UserError({
    code: 'NOT_ONE_LINE',
    exit: exit.undelivered,
    message: `${title} reads its terminal line by line: it takes one line of less than ${LINE_BYTES} bytes, and this prompt ${found}. Nothing was typed.`,
    hint: 'Put the text into a file in the worktree and send one line that names it.',
    details: { lines, bytes },
  });
}
