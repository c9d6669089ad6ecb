import { attention } from '../agents/attention.ts';
import type { Session } from '../agents/session.ts';
import type { Team, TeamOptions } from '../agents/team.ts';
import { watchTeam } from '../agents/watch-team.ts';
import { exit } from '../lib/errors.ts';
import { LiveScreen } from './live.ts';
import { paint, printJson, printText } from './output.ts';
import { renderTeam, teamNotes } from './team.ts';

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
      if (screen !== null) return screen.show((rows) => frame(team, rows));
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

/** The whole team, or in too few rows those who need somebody most, in the usual order, and how the others are. */
function frame(team: Team, rows: number): string {
  const all = team.agents.length + (team.removed?.length ?? 0);
  // A row each for the titles and the footer.
  const room = Math.max(1, rows - 2 - teamNotes(team).length);
  if (all <= room) return `${renderTeam(team).trimEnd()}\n${footer()}`;
  const kept = new Set(team.agents.toSorted((a, b) => attention(a) - attention(b)).slice(0, room));
  const left = team.agents.filter((agent) => !kept.has(agent));
  const states = [...new Set(left.map(({ status }) => status))];
  const counts = states.map((status) => `${left.filter((one) => one.status === status).length} ${status}`);
  const removed = team.removed?.length ? [`${team.removed.length} removed`] : [];
  const agents = team.agents.filter((agent) => kept.has(agent));
  const more = `… ${all - agents.length} more: ${[...counts, ...removed].join(', ')}`;
  return `${renderTeam({ ...team, agents, removed: [] }).trimEnd()}\n${paint('dim', more)}`;
}

const footer = () => paint('dim', `${new Date().toTimeString().slice(0, 8)}  Ctrl-C ends`);
