import { constants } from 'node:os';
import { shortDuration } from '../lib/duration.ts';
import { type Evidence, type FoldedStatus, type HookEvidence, SHELF } from './evidence.ts';
import { questionWords } from './question.ts';
import type { Look } from './screen.ts';

/**
 * The status that follows from the evidence: the process first, then the agent's hooks, its title, its screen. A hook has
 * a shelf life: Esc ends a turn and fires none, so title and screen, which are of now, overrule every hook but a fresh one.
 * Missing evidence is `unknown`, never `idle`.
 */
export function foldStatus(evidence: Evidence): FoldedStatus {
  return ended(evidence) ?? onBoard(evidence, kept(evidence, stuck(evidence, alive(evidence))));
}

const EXITED = 'exited with status';

/** Whether an agent's process ended by itself, as far as is known: not by a signal, nor with its window. */
export function endedItself({ source, reason }: { readonly source: string | null; readonly reason: string | null }) {
  return source === 'process' && reason?.startsWith(`process ${EXITED}`) === true;
}

function ended({ process, previous }: Evidence): FoldedStatus | null {
  if (process === null) {
    if (previous?.status === 'paused')
      return { status: 'paused', reason: previous.reason ?? 'paused', source: 'swarm' };
    return { status: 'unknown', reason: 'it has no window', source: 'process' };
  }
  if (!process.dead) return null;
  const { exitStatus, signal } = process;
  if (exitStatus === 0) return { status: 'exited', reason: `process ${EXITED} 0`, source: 'process' };
  const how =
    signal !== null
      ? `was ended by ${signalName(signal)}`
      : exitStatus === null
        ? 'ended, and how is not known'
        : `${EXITED} ${exitStatus}`;
  return { status: 'failed', reason: `process ${how}`, source: 'process' };
}

function alive(evidence: Evidence): FoldedStatus {
  const { now, startedAt, look } = evidence;
  // What was reported before the start is of an earlier process.
  const hook = evidence.hook !== null && evidence.hook.at >= startedAt ? evidence.hook : null;
  if (asks(evidence)) return waiting(evidence);
  if (hook !== null && (now - hook.at <= SHELF.hook || now < (hook.until ?? 0))) return told(hook);
  const seen = look === null ? null : shown(look);
  // Both say the same: the hook knows more about it.
  if (hook !== null && seen !== null && seen.status === hook.state && look?.state !== 'error') return told(hook);
  if (seen !== null) return seen;
  if (hook !== null) return hookAlone(evidence, hook);
  const what = look === null ? 'its screen was not looked at' : look.reason;
  const began = evidence.previous === null || evidence.previous.status === 'starting';
  if (began && now - startedAt < evidence.idleTimeoutMs) {
    return { status: 'starting', reason: `screen: ${what}`, source: 'screen' };
  }
  return { status: 'unknown', reason: `screen: ${what}`, source: 'screen' };
}

/** A dialog is open; or a limit is used up, and not over yet. */
function asks({ look, question, now }: Evidence): boolean {
  if (look?.state === 'waiting') return true;
  if (question?.kind !== 'rate-limit') return false;
  return question.until === null || Date.parse(question.until) > now;
}

function waiting({ look, question }: Evidence): FoldedStatus {
  const reason = question === null ? `screen: ${look?.reason ?? ''}` : questionWords(question);
  return { status: 'waiting', reason, source: 'screen' };
}

/** A screen that tells nothing leaves the last hook, for as long as nothing speaks against it. */
function hookAlone(evidence: Evidence, hook: HookEvidence): FoldedStatus {
  const age = evidence.now - hook.at;
  const moved = evidence.lastChangeAt - hook.at > SHELF.grain;
  // An idle title says that no turn runs, and not what the screen shows instead: a dialog has one, too.
  const over = evidence.title === 'idle' || (age > evidence.idleTimeoutMs && moved);
  const stale = hook.state === 'working' ? over : hook.state === 'waiting' && moved;
  if (!stale) return told(hook);
  const what = evidence.look === null ? 'its screen was not looked at' : evidence.look.reason;
  const reason = `screen: ${what}; the last hook, ${hook.event}, is ${shortDuration(age)} old`;
  return { status: 'unknown', reason, source: 'screen' };
}

const told = ({ source, state, event, at, worked }: HookEvidence): FoldedStatus => ({
  status: state,
  reason: `${source} ${event}`,
  source,
  at,
  ...(worked === undefined ? {} : { worked }),
});

function screen(status: FoldedStatus['status'], { rule, reason }: Look): FoldedStatus {
  return rule === TITLE
    ? { status, reason, source: 'title' }
    : { status, reason: `screen: ${reason}`, source: 'screen' };
}

/** The rule of looks that the title decided: the screen itself says less. */
const TITLE = 'title';

/** What a screen says by itself; null when it says nothing. */
function shown(look: Look): FoldedStatus | null {
  switch (look.state) {
    case 'busy':
      return screen('working', look);
    case 'ready':
      return screen('idle', look);
    case 'starting':
      return screen('starting', look);
    case 'error': {
      // With its box there, the turn has ended and the next prompt may come; without, only a person can help.
      const reason = `screen: error: ${look.reason}`;
      return { status: look.input.draft === null ? 'waiting' : 'idle', reason, source: 'screen' };
    }
    case 'waiting':
    case 'unknown':
      return null;
  }
}

/** Nothing moved for too long: neither the screen nor a hook. */
function stuck(evidence: Evidence, status: FoldedStatus): FoldedStatus {
  if (status.status !== 'working' && status.status !== 'starting') return status;
  const sign = Math.max(evidence.startedAt, evidence.lastChangeAt, evidence.hook?.at ?? 0);
  const silence = evidence.now - sign;
  if (silence < evidence.idleTimeoutMs) return status;
  const reason = `no sign of life for ${shortDuration(silence)} while ${status.status} (${status.reason})`;
  return { status: 'stuck', reason, source: 'swarm' };
}

/** What swarm itself knows of an agent that rests: its task is done, or it waits for another. */
function kept({ previous, board }: Evidence, status: FoldedStatus): FoldedStatus {
  if (status.status !== 'idle' || (previous?.status !== 'done' && previous?.status !== 'blocked')) return status;
  // The board says whom it waits for, and whether it has something to do again.
  if (board !== null && (previous.status === 'blocked' || board.holds !== null)) return status;
  return { status: previous.status, reason: previous.reason ?? previous.status, source: 'swarm' };
}

/** How the prefix of a reason begins that a question on the board makes. */
export const ASKS = 'asks';

/** What the board adds: whoever asked waits, and whoever has reported its task done and rests is done. */
function onBoard({ board }: Evidence, status: FoldedStatus): FoldedStatus {
  if (board === null || status.status === 'waiting' || status.status === 'starting') return status;
  if (board.asks !== null) {
    const { of, text } = board.asks;
    return of === null
      ? { status: 'waiting', reason: `${ASKS}: ${text}`, source: 'mcp' }
      : { status: 'blocked', reason: `${ASKS} ${of}: ${text}`, source: 'mcp' };
  }
  const done = status.status === 'idle' && board.holds === null ? board.done : null;
  // As sure as the rest that it is made of.
  return done === null ? status : { ...status, status: 'done', reason: `${done} is reported complete` };
}

function signalName(signal: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return name ?? `signal ${signal}`;
}
