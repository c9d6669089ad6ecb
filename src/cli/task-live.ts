import type { Session } from '../agents/session.ts';
import type { Board } from '../board/context.ts';
import { MIRROR } from '../board/mirror/place.ts';
import type { Participant } from '../board/participants.ts';
import { notALeader } from '../board/tasks/refusals.ts';
import { exit } from '../lib/errors.ts';
import { narrate, printJson } from './output.ts';

/** Keeps the board as files in a folder until Ctrl-C. Answers the exit code. @throws UserError exit 4 for who doesn't lead. */
export async function keepLive(
  board: Board,
  me: Participant,
  session: Session,
  options: { readonly folder: string | undefined; readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  // Whoever may write the files leads.
  if (!me.leads) throw notALeader(me, 'open the board to files');
  const { keepMirror } = await import('../board/mirror/live.ts');
  const folder = options.folder ?? session.config.supervisor.mirror ?? MIRROR;
  await keepMirror(board, session.repo, folder, options.signal, {
    ready: (path) => {
      if (options.json) printJson({ mirror: { path } });
      else narrate(`The board is in ${path}, and takes what is written there; Ctrl-C ends it.`);
    },
    trouble: (message) => narrate(`the board's files: ${message}`),
  });
  return exit.interrupted;
}
