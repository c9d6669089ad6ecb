import { renderTemplate } from '../lib/template.ts';
import type { AgentRow } from '../store/schema.ts';
import type { Session } from './session.ts';

/** What the agent's window is called: `tmux.window` of the config. */
export function windowTitle(session: Session, row: AgentRow): string {
  const values = {
    repo: session.repo.name,
    agent: row.name,
    ticket: row.ticket ?? '',
    cli: row.cli,
    branch: row.branch ?? '',
  };
  return renderTemplate(session.config.tmux.window, values, 'tmux.window').trim();
}
