import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { statOf } from './identity.ts';
import { run } from './run.ts';

/** What a terminal says about the programs on it; null for what couldn't be read. */
export interface TerminalState {
  /** The process (or its group) is the one that gets what is typed; false while another program has the foreground. */
  readonly foregroundIsAgent: boolean | null;
  /** Keys are read one by one (not canonical): a line editor or a full-screen program is at work. */
  readonly lineEditor: boolean | null;
}

/** Reads the terminal `tty` (a path below /dev) of the living process `pid`. */
export async function terminalState(tty: string, pid: number): Promise<TerminalState> {
  const [foregroundIsAgent, lineEditor] = await Promise.all([hasForeground(pid), readsKeys(tty)]);
  return { foregroundIsAgent, lineEditor };
}

/** Whether what is typed into the terminal of `pid` goes to it (or its group). Costs no process on Linux. */
export async function hasForeground(pid: number): Promise<boolean | null> {
  const stat = await statOf(pid);
  return stat === null || stat.tpgid <= 0 ? null : stat.tpgid === stat.pgrp;
}

/** Whether a living process still has the terminal that it was started on: that hangs up when its window is gone. */
export async function hasTerminal(pid: number): Promise<boolean> {
  const stat = await statOf(pid);
  return stat !== null && stat.tpgid > 0;
}

async function readsKeys(tty: string): Promise<boolean | null> {
  if (!tty.startsWith('/dev/')) return null;
  const { exitCode, stdout } = await run(['stty', process.platform === 'linux' ? '-F' : '-f', tty, '-a']);
  const canonical = /(?:^|\s)(-?)icanon\b/.exec(stdout);
  return exitCode !== 0 || canonical === null ? null : canonical[1] === '-';
}

/**
 * Writes to somebody's terminal what it takes at once, and says nothing when that is less: one that takes nothing any
 * more (its connection hangs) would hold up this process for as long.
 */
export function writeToTerminal(tty: string, text: string): void {
  // Nor may it become this process's own terminal, which could then end it.
  const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  let file: number | null = null;
  try {
    file = openSync(tty, flags);
    writeSync(file, text);
  } catch {
    // Full, or gone.
  } finally {
    if (file !== null) closeSync(file);
  }
}
