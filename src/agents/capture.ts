import { exit, UserError } from '../lib/errors.ts';
import type { AgentRow } from '../store/schema.ts';
import { observe } from './observe.ts';
import type { Session } from './session.ts';

export interface Capture {
  readonly agent: string;
  readonly text: string;
  /** The process has ended: this is its last screen. */
  readonly dead: boolean;
}

/** What is on an agent's screen now; with `lines`, so many of the last lines of its history. */
export async function captureAgent(
  session: Session,
  row: AgentRow,
  how: { readonly lines: number | null; readonly ansi: boolean },
): Promise<Capture> {
  const [seen] = await observe(session, [row]);
  if (seen?.pane == null) {
    throw new UserError({
      code: 'NO_WINDOW',
      exit: exit.notFound,
      message: `${row.name} has no window: it is ${seen?.row.status ?? row.status}.`,
      hint: `swarm ${row.status === 'paused' ? 'resume' : 'restart'} ${row.name}`,
    });
  }
  const lines = how.lines === null ? {} : { lines: how.lines };
  const text = await session.tmux.capture(seen.pane.pane, { ansi: how.ansi, ...lines });
  return { agent: row.name, text, dead: seen.pane.dead };
}
