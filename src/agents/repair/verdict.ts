import type { RecordedOperation } from '../../store/recorded.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { PaneFacts } from '../../tmux/panes.ts';
import type { Session } from '../session.ts';

/** What is to become of an interrupted operation. */
export type Verdict =
  /** Nothing can refuse it any more: its steps are run again, to its end. */
  | { readonly as: 'finish' }
  /** It had changed nothing yet that has to be taken back. */
  | { readonly as: 'give-up' }
  /** Its window is open: that is put on record. */
  | { readonly as: 'opened'; readonly pane: PaneFacts }
  /** The worktree of a spawn is made, its window is not: the agent stays, and is started by a person. */
  | { readonly as: 'ready'; readonly row: AgentRow }
  | { readonly as: 'undo' };

/** What a dry run says of each. */
export const FORECAST: Readonly<Record<Verdict['as'], string>> = {
  finish: 'was interrupted: can be finished',
  'give-up': 'was interrupted before it changed anything: will be given up',
  opened: 'was interrupted, and its window is open: can be finished',
  ready: 'was interrupted with its worktree made: the agent can stay, for swarm restart',
  undo: 'was interrupted: will be undone',
};

/** Judges by what is on disk and in tmux, and changes nothing. `row`: the agent, if it is still there. */
export async function judge(
  session: Session,
  recorded: RecordedOperation,
  row: AgentRow | undefined,
): Promise<Verdict> {
  const { kind, steps } = recorded;
  if (kind === 'restore' || kind === 'merge') return { as: 'finish' };
  // Ending the process for good is the step from which on a removal can't be refused any more.
  if (kind === 'rm') return { as: steps.has('end') ? 'finish' : 'give-up' };
  if (kind === 'pause' || kind === 'rename') return { as: row ? 'finish' : 'give-up' };
  // What is left: spawn, adopt, resume, restart.
  const pane = row && opened(recorded) ? await paneOf(session, row) : undefined;
  if (pane) return { as: 'opened', pane };
  if (kind === 'resume' || kind === 'restart') return { as: 'give-up' };
  const ready = row !== undefined && steps.get('worktree')?.state === 'done';
  return ready ? { as: 'ready', row } : { as: 'undo' };
}

/** An older window was closed before this step began. */
function opened({ steps }: RecordedOperation): boolean {
  return steps.has('window') || steps.has('pane');
}

async function paneOf(session: Session, { id }: AgentRow): Promise<PaneFacts | undefined> {
  return (await session.tmux.listAgentPanes()).find(({ agentId }) => agentId === id);
}
