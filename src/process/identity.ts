import { readdirSync, readFileSync } from 'node:fs';
import { run } from './run.ts';

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: ticks since boot on Linux, the start date on macOS. Null when it couldn't be read. */
  readonly start: string | null;
}

/** When the process started, or null when there is none (a zombie counts as none). */
export async function startOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = readStat(pid);
    return stat === null || stat.state === 'Z' ? null : stat.start;
  }
  const { exitCode, stdout } = await run(['ps', '-o', 'stat=,lstart=', '-p', String(pid)]);
  const line = stdout.trim();
  if (exitCode !== 0 || line === '' || line.startsWith('Z')) return null;
  return line.slice(line.indexOf(' ')).trim();
}

/** Identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, start: await startOf(process.pid) };
}

/** Whether exactly this process still lives. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const start = await startOf(identity.pid);
  return start !== null && (identity.start === null || identity.start === start);
}

export interface ProcessStat {
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  /** Foreground process group of its terminal; -1 without one. */
  readonly tpgid: number;
  readonly start: string;
}

/** Parent, group and terminal's foreground group of a process; null when there is none. */
export async function statOf(pid: number): Promise<ProcessStat | null> {
  if (process.platform === 'linux') return readStat(pid);
  const { exitCode, stdout } = await run(['ps', '-o', 'stat=,ppid=,pgid=,tpgid=,lstart=', '-p', String(pid)]);
  const [state, ppid, pgrp, tpgid, ...start] = stdout.trim().split(/\s+/);
  if (exitCode !== 0 || state === undefined) return null;
  return { state, ppid: Number(ppid), pgrp: Number(pgrp), tpgid: Number(tpgid), start: start.join(' ') };
}

/** Fields of /proc/PID/stat (proc(5)): the command may hold spaces and brackets, so count from the last one. */
function readStat(pid: number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    state: fields[0] ?? '?',
    ppid: Number(fields[1]),
    pgrp: Number(fields[2]),
    tpgid: Number(fields[5]),
    start: fields[19] ?? '',
  };
}

/** The chain of parents of a process, nearest first, without itself. */
export async function ancestorsOf(pid: number): Promise<number[]> {
  const chain: number[] = [];
  for (let stat = await statOf(pid); stat !== null && stat.ppid > 1; stat = await statOf(stat.ppid)) {
    chain.push(stat.ppid);
  }
  return chain;
}

/** Processes of this user that carry `name=value` in their environment: how children of a killed swarm are found. */
export async function processesWithEnv(name: string, value: string): Promise<number[]> {
  const needle = `${name}=${value}`;
  if (process.platform !== 'linux') {
    const { stdout } = await run(['ps', '-E', '-ww', '-x', '-o', 'pid=,command=']);
    return stdout
      .split('\n')
      .filter((line) => line.split(' ').includes(needle))
      .map((line) => Number.parseInt(line, 10));
  }
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentHas(pid, needle));
}

/** Whether anything in the process group lives. Zombies don't: tmux may reap a pane's process late. */
export async function groupLives(pgid: number): Promise<boolean> {
  if (process.platform !== 'linux') {
    const { stdout } = await run(['ps', '-A', '-o', 'pgid=,stat=']);
    const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
    return lines.some(([group, state]) => Number(group) === pgid && state?.startsWith('Z') === false);
  }
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .some((entry) => {
      const stat = readStat(Number(entry));
      return stat !== null && stat.pgrp === pgid && stat.state !== 'Z';
    });
}

function environmentHas(pid: number, needle: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(needle) && readStat(pid)?.state !== 'Z';
  } catch {
    return false;
  }
}

/** Names of the variables in a process's environment when it started; empty where it can't be read. */
export async function environmentNames(pid: number): Promise<ReadonlySet<string>> {
  if (process.platform !== 'linux') {
    const { stdout } = await run(['ps', '-E', '-ww', '-o', 'command=', '-p', String(pid)]);
    return new Set(Array.from(stdout.matchAll(/(?:^|\s)([A-Za-z_]\w*)=/g), (match) => match[1] ?? ''));
  }
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return new Set(entries.map((entry) => entry.slice(0, Math.max(0, entry.indexOf('=')))));
  } catch {
    return new Set();
  }
}
