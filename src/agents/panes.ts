import { join } from 'node:path';
import { exit, messageOf, UserError } from '../lib/errors.ts';
import { programRoot } from '../lib/program.ts';
import { oneLine } from '../lib/text.ts';
import { endGroup } from '../process/end.ts';
import { startOf } from '../process/identity.ts';
import type { AgentRow } from '../store/schema.ts';
import type { PaneFacts } from '../tmux/panes.ts';
import { ApprovedCommands } from '../workspace/approved.ts';
import { changedScripts } from '../workspace/hooks.ts';
import { approveCommands, type ConsentDoor } from './consent.ts';
import { personEnvironment } from './environment.ts';
import { requireWorktree } from './ground.ts';
import { launchArgv, opening, PANE_VARIABLES, writeLaunchFile } from './launch.ts';
import { agentFolder, type Session } from './session.ts';

/** Key of the config. */
const KEY = 'tmux.panes';

/** The further panes of an agent's window: what may run in them, and who hears of one that does not open. */
export interface FurtherPanes {
  readonly approved: ApprovedCommands;
  readonly tell: (line: string) => void;
}

/** Consent for the panes where an agent can do without: who does not agree gets none, and is told. */
export async function approvePanes(
  session: Session,
  door: ConsentDoor & Pick<FurtherPanes, 'tell'>,
): Promise<ApprovedCommands> {
  try {
    return await approveCommands(session, [KEY], { yes: door.yes, ask: door.ask });
  } catch (error) {
    if (!(error instanceof UserError) || error.exit !== exit.refused) throw error;
    door.tell(`${KEY} is left out: ${oneLine(error.message)} (${error.hint ?? 'swarm trust'})`);
    return ApprovedCommands.none;
  }
}

/**
 * Opens the configured panes in the agent's window, each below the one before, for a person to work in: with the agent's
 * environment but not its identity. A pane that can't be opened is left out and told: the agent works without it.
 */
export async function openPanes(session: Session, row: AgentRow, { approved, tell }: FurtherPanes): Promise<void> {
  const changed = changedScripts(approved, KEY, requireWorktree(row));
  if (changed.length > 0)
    return tell(`${row.name}: ${KEY} is left out: ${changed.join(', ')} in its worktree is not what was approved`);
  let above = row.tmux_pane ?? '';
  for (const [index, command] of approved.lines(KEY).entries()) {
    const size = session.config.tmux.panes[index]?.size ?? null;
    try {
      above = await openPane(session, row, { command, size, above, index }).catch((error: unknown) => {
        const gone = error instanceof UserError && error.code === 'TMUX_NO_TARGET' && above !== row.tmux_pane;
        if (!gone) throw error;
        // The pane above has ended already.
        return openPane(session, row, { command, size, above: row.tmux_pane ?? '', index });
      });
    } catch (error) {
      tell(`${row.name}: the pane for '${oneLine(command, 60)}' did not open: ${messageOf(error)}`);
    }
  }
}

interface PaneWish {
  readonly command: string;
  readonly size: string | null;
  readonly above: string;
  readonly index: number;
}

async function openPane(session: Session, row: AgentRow, { command, size, above, index }: PaneWish): Promise<string> {
  const file = join(agentFolder(session.repo, row), `launch-pane-${index}-${Date.now()}-${process.pid}`);
  writeLaunchFile(file, {
    argv: ['/bin/sh', '-c', command],
    env: personEnvironment(session, row),
    // Whoever types there is in tmux, and a program there may ask tmux for its pane.
    keepFromPane: [...PANE_VARIABLES, 'TMUX', 'TMUX_PANE'],
  });
  const argv = launchArgv(programRoot(), file);
  const wish = {
    pane: above,
    cwd: requireWorktree(row),
    argv,
    agentId: paneMark(row.id),
    size,
    remain: 'failed',
  } as const;
  return (await opening(file, () => session.tmux.splitPane(wish))).pane;
}

/** Mark of the configured panes of an agent's window. */
const paneMark = (agentId: string) => `${agentId}-pane`;

/** Mark of the pane with the agent's dev server. */
export const devMark = (agentId: string) => `${agentId}-dev`;

/** Whether a pane is one of the further ones of the agent's window. */
export function isFurtherPane(pane: PaneFacts, agentId: string): boolean {
  return [paneMark(agentId), devMark(agentId)].includes(pane.extraOf);
}

/** Closes panes and ends what runs in them: a hang-up alone leaves servers running that take no notice of it. */
export async function closePanes(session: Session, panes: readonly PaneFacts[]): Promise<void> {
  const living = panes.filter(({ dead }) => !dead);
  const leaders = await Promise.all(living.map(async ({ pid }) => ({ pid, start: await startOf(pid) })));
  for (const { pane } of panes) await session.tmux.killPane(pane);
  await Promise.all(leaders.filter(({ start }) => start !== null).map((leader) => endGroup(leader)));
}
