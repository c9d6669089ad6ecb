import { randomUUID } from 'node:crypto';
import { BugError } from '../lib/errors.ts';
import { failure, lines, type TmuxClient } from './client.ts';
import { all, noneOnScreen, onScreen, quoted } from './words.ts';

/** Why a pane was left alone. `screen`: a forbidden word is on it, a needed one is not, or its cursor is elsewhere. */
export type Refusal = 'gone' | 'dead' | 'replaced' | 'mode' | 'input-off' | 'screen';

/** Null: it was done. */
export interface Typed {
  readonly refused: Refusal | null;
}

export interface Guard {
  /** The process that the pane must still run. */
  readonly pid: number;
  /** Literal words of which none may be on the visible screen (dialogs, whose default an Enter would choose). */
  readonly notOnScreen?: readonly string[];
  /** Literal words of which each must be on the visible screen: that what was seen there is what is answered. */
  readonly onScreen?: readonly string[];
  /** Where the cursor must still be: that nothing has changed since it was seen. */
  readonly cursor?: { readonly x: number; readonly y: number };
}

const DONE = 'swarm-typed';
const SEEN = '#{pane_id}|#{pane_dead}|#{pane_pid}|#{pane_in_mode}|#{pane_input_off}';

/**
 * Runs one command on a pane only if, in the same moment inside the server, its process is alive and the one that was
 * meant, nobody scrolls in it and no forbidden word is on its screen. A check from outside would race; and with tmux
 * before 3.4, a bare `paste-buffer` into a pane whose process has ended takes the whole server down.
 */
async function guarded(
  client: TmuxClient,
  pane: string,
  guard: Guard,
  commands: { readonly before?: readonly (readonly string[])[]; readonly allowed: string; readonly otherwise?: string },
  input?: string,
): Promise<Typed> {
  const words = (guard.notOnScreen ?? []).filter((word) => word !== '');
  const condition = all([
    `#{==:#{pane_id},${pane}}`,
    '#{==:#{pane_dead},0}',
    `#{==:#{pane_pid},${guard.pid}}`,
    '#{==:#{pane_in_mode},0}',
    '#{==:#{pane_input_off},0}',
    ...(words.length > 0 ? [noneOnScreen(words)] : []),
    ...(guard.onScreen ?? []).map(onScreen),
    ...(guard.cursor ? [`#{==:#{cursor_x},${guard.cursor.x}}`, `#{==:#{cursor_y},${guard.cursor.y}}`] : []),
  ]);
  const say = `display-message -p -t ${quoted(pane)} ${quoted(SEEN)}`;
  const otherwise = commands.otherwise === undefined ? say : `${commands.otherwise} ; ${say}`;
  const allowed = `${commands.allowed} ; display-message -p ${DONE}`;
  const list = [...(commands.before ?? []), ['if-shell', '-F', '-t', pane, condition, allowed, otherwise]];
  const result = await client.try(list, input);
  const answer = lines(result.stdout).at(-1) ?? '';
  if (result.problem === null && answer === DONE) return { refused: null };
  if (result.problem === 'failed') throw failure(list, result);
  if (result.problem !== null) return { refused: 'gone' };
  return { refused: refusal(answer, pane, guard.pid) };
}

function refusal(answer: string, pane: string, pid: number): Refusal {
  const [seen, dead, running, inMode, inputOff] = answer.split('|');
  if (seen !== pane) return 'gone';
  if (dead === '1') return 'dead';
  if (Number(running) !== pid) return 'replaced';
  if (Number(inMode) > 0) return 'mode';
  return inputOff === '1' ? 'input-off' : 'screen';
}

/**
 * Pastes text into a pane, bracketed if the program asked for that (`-p`), line feeds kept (`-r`). The text travels
 * through stdin, and its buffer is gone afterwards.
 */
export async function paste(client: TmuxClient, pane: string, guard: Guard, text: string): Promise<Typed> {
  checkPane(pane);
  // tmux makes no buffer of nothing, and then has none to paste.
  if (text === '') throw new BugError('paste: empty text');
  const buffer = `swarm-${randomUUID()}`;
  const commands = {
    before: [['load-buffer', '-b', buffer, '-']],
    allowed: `paste-buffer -p -r -d -b ${buffer} -t ${quoted(pane)}`,
    otherwise: `delete-buffer -b ${buffer}`,
  };
  const typed = await guarded(client, pane, guard, commands, text);
  if (typed.refused === 'gone') await client.try([['delete-buffer', '-b', buffer]]);
  return typed;
}

/** Presses keys by tmux's names for them (`Enter`, `C-u`); a word that is no name is typed as it stands. */
export function keys(client: TmuxClient, pane: string, guard: Guard, names: readonly string[]): Promise<Typed> {
  checkPane(pane);
  const bad = names.find((name) => name === '' || /[\p{Cc}]/u.test(name));
  if (names.length === 0 || bad !== undefined) throw new BugError(`keys: no key is called '${bad ?? ''}'`);
  return guarded(client, pane, guard, { allowed: `send-keys -t ${quoted(pane)} -- ${names.map(quoted).join(' ')}` });
}

function checkPane(pane: string): void {
  if (!/^%\d+$/.test(pane)) throw new BugError(`'${pane}' is no pane's id`);
}
