import type { Session } from '../agents/session.ts';
import type { TeamOptions } from '../agents/team.ts';
import { watchTeam } from '../agents/watch-team.ts';
import { exit } from '../lib/errors.ts';
import { LiveScreen } from './live.ts';
import { paint, printJson, printText } from './output.ts';
import { renderTeam } from './team.ts';

/**
 * Shows the team until Ctrl-C: on a terminal in its place, else anew whenever something changed; with `json` a line
 * for each change. Answers the exit code.
 */
export async function watch(
  session: Session,
  options: TeamOptions & { readonly json: boolean },
  signal: AbortSignal,
): Promise<number> {
  const { json } = options;
  const screen = !json && process.stdout.isTTY ? new LiveScreen(process.stdout) : null;
  let first = true;
  try {
    await watchTeam(session, options, signal, (team, changed) => {
      if (screen !== null) return screen.show(() => `${renderTeam(team).trimEnd()}\n${footer()}`);
      if (!changed) return;
      if (json) return printJson({ ...team });
      printText(`${first ? '' : '\n'}${renderTeam(team)}`);
      first = false;
    });
  } finally {
    screen?.end();
  }
  return exit.interrupted;
}

const footer = () => paint('dim', `${new Date().toTimeString().slice(0, 8)}  Ctrl-C ends`);
