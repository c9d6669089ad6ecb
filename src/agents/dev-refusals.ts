import { exit, UserError } from '../lib/errors.ts';
import { oneLine } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import type { PaneFacts } from '../tmux/panes.ts';
import type { DevServer } from './dev.ts';

export function noWindow(row: AgentRow): UserError {
  return new UserError({
    code: 'NO_WINDOW',
    exit: exit.notFound,
    message: `${row.name} has no window to put a dev server beside: it is ${row.status}.`,
    hint: `swarm ${row.status === 'paused' ? 'resume' : 'restart'} ${row.name}`,
  });
}

export function runsAlready(row: AgentRow, pane: PaneFacts): UserError {
  return new UserError({
    code: 'DEV_SERVER_RUNS',
    exit: exit.refused,
    message: `The dev server of ${row.name} runs already, in pane ${pane.pane}.`,
    hint: `swarm dev ${row.name} --stop`,
  });
}

export function portTaken(row: AgentRow, port: number): UserError {
  return new UserError({
    code: 'PORT_TAKEN',
    exit: exit.missing,
    message: `Something else listens on port ${port}, which is ${row.name}'s: its dev server could not.`,
    hint: `lsof -i :${port}`,
    details: { agent: row.name, port },
  });
}

export function ended(row: AgentRow, server: Omit<DevServer, 'listening'>, words: string): UserError {
  return new UserError({
    code: 'DEV_SERVER_DIED',
    exit: exit.failed,
    message: `The dev server of ${row.name} ended${words === '' ? '' : `: ${words}`}. Its pane is still there.`,
    hint: `swarm attach ${row.name}`,
    details: { ...server, words },
  });
}

export function silent(row: AgentRow, server: Omit<DevServer, 'listening'>, words: string, timeout: number): UserError {
  const said = words === '' ? '' : ` It says: ${words}.`;
  return new UserError({
    code: 'DEV_SERVER_SILENT',
    exit: exit.undelivered,
    message: `The dev server of ${row.name} runs, but does not listen on port ${server.port} after ${timeout / 1000} s. Does dev.command use $PORT?${said}`,
    hint: `swarm attach ${row.name}`,
    details: { ...server, words },
  });
}

/** The last line with words that a program left on its screen, past tmux's own word on its end. */
export function lastWords(screen: string): string {
  const lines = screen.split('\n').map((line) => oneLine(line, 200));
  return lines.filter((line) => /\w/.test(line) && !line.startsWith('Pane is dead')).at(-1) ?? '';
}
