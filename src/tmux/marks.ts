import { stripControls } from '../lib/text.ts';
import type { TmuxClient } from './client.ts';
import { quoted } from './words.ts';

/** What tmux's status lines can show of the agents, as user options: no process runs when they are drawn. */
export interface Marks {
  /** `@swarm_status` of sessions; the text may hold tmux's style codes. Empty takes it away. */
  readonly sessions: readonly { readonly session: string; readonly status: string }[];
  /** `@swarm_state` and `@swarm_glyph` of agents' windows. */
  readonly windows: readonly { readonly window: string; readonly state: string; readonly glyph: string }[];
}

/**
 * The commands, each a line, that bring tmux from `before` (null: not known) to `now`; none when nothing changed, since
 * tmux redraws every client for each option that is set.
 */
export function markLines(now: Marks, before: Marks | null): string[] {
  const known = options(before ?? { sessions: [], windows: [] });
  const wanted = options(now);
  // The last agent may leave a session that lives on, and a pane its window.
  const left = [...known.keys()].filter((where) => !wanted.has(where)).map((where) => [where, ''] as const);
  return [...wanted, ...left].flatMap(([where, value]) => {
    if (known.get(where) === value) return [];
    return value === '' ? `set-option -qu ${where}` : `set-option -q ${where} ${quoted(value)}`;
  });
}

/** Sets what has changed, all of it in one call. A window or server that is gone is no error. */
export async function setMarks(client: TmuxClient, now: Marks, before: Marks | null): Promise<void> {
  const lines = markLines(now, before);
  if (lines.length > 0) await client.script(lines);
}

/** Values by the scope, target and name of their option. */
function options({ sessions, windows }: Marks): Map<string, string> {
  const plain = (text: string) => stripControls(text).replace(/\s+/gu, ' ');
  const flat = (text: string) => plain(text).replaceAll('#', '');
  return new Map([
    ...sessions.map(({ session, status }) => [`-t ${quoted(session)} @swarm_status`, plain(status)] as const),
    ...windows.flatMap(({ window, state, glyph }) => [
      [`-w -t ${quoted(window)} @swarm_state`, flat(state)] as const,
      [`-w -t ${quoted(window)} @swarm_glyph`, flat(glyph)] as const,
    ]),
  ]);
}
