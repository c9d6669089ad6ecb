import { hasForeground, type TerminalState, terminalState } from '../../process/terminal.ts';
import type { PaneSnapshot } from '../../tmux/panes.ts';
import type { Guard } from '../../tmux/typing.ts';
import { type Look, parseScreen, type Screen } from '../screen.ts';
import type { DeliveryRequest } from './types.ts';

/** Milliseconds between two looks. */
export const PACE = 35;

export type Target = Pick<DeliveryRequest, 'tmux' | 'cli' | 'pane' | 'pid'>;

/** One look at the agent. */
export interface Sight {
  readonly facts: PaneSnapshot;
  readonly screen: Screen;
  readonly look: Look;
  readonly lineEditor: boolean | null;
}

/** Looks at the agent's screen and terminal; null when its pane is gone. */
export async function see(target: Target): Promise<Sight | null> {
  const facts = (await target.tmux.snapshot([target.pane])).get(target.pane);
  if (!facts) return null;
  const terminal = facts.dead ? { foregroundIsAgent: null, lineEditor: null } : await terminalOf(target, facts);
  const screen = parseScreen(facts.text, { ...facts, ...terminal });
  return { facts, screen, look: target.cli.look(screen), lineEditor: terminal.lineEditor };
}

/** How the terminal reads keys costs a process: only where somebody wants to know. */
async function terminalOf({ cli }: Target, { tty, pid }: PaneSnapshot): Promise<TerminalState> {
  if (cli.asksTerminal === true || cli.paste === 'line') return terminalState(tty, pid);
  return { foregroundIsAgent: await hasForeground(pid), lineEditor: null };
}

/** Why nothing can be typed any more; null while the agent lives. */
export function lost(target: Target, seen: Sight | null): string | null {
  if (seen === null) return 'its window is gone';
  const { dead, deadStatus, deadSignal, pid } = seen.facts;
  if (dead) {
    const how =
      deadSignal !== null ? `by signal ${deadSignal}` : deadStatus !== null ? `with status ${deadStatus}` : '';
    return `its program has ended ${how}`.trimEnd();
  }
  return pid === target.pid ? null : 'another program runs in its window now';
}

/** What the whole screen looks like: changes with every letter and every move of the cursor. */
export function fingerprint({ screen }: Sight): string {
  return JSON.stringify([screen.lines, screen.cursor]);
}

/**
 * What must hold inside the tmux server when something is typed. Words of a dialog that stand on a screen without a
 * dialog are prose (a transcript, the prompt itself); then the cursor must be where it was when that was seen.
 */
export function guardOf(target: Target, seen: Sight): Guard {
  const text = seen.screen.lines.join('\n');
  const absent = target.cli.dialogWords.filter((word) => !text.includes(word));
  const complete = absent.length === target.cli.dialogWords.length;
  return { pid: target.pid, notOnScreen: absent, ...(complete ? {} : { cursor: seen.facts.cursor }) };
}

/** The dialog that is open, for people; null when none is. */
export function dialogOf(look: Look): string | null {
  if (look.state !== 'waiting' && look.waiting === null) return null;
  return (look.waiting?.text ?? look.reason).replace(/\s+/gu, ' ').trim().slice(0, 160);
}
