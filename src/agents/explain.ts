import type { AgentRow } from '../store/schema.ts';
import { agentCliToSee } from './clis/index.ts';
import { newestEvents } from './events.ts';
import { mcpEvidence } from './mcp-evidence.ts';
import type { Observation } from './observe.ts';
import { type Session, spoolOf } from './session.ts';
import type { AgentStatus, StatusSource } from './types.ts';

/** One thing that was seen, and how old that is. */
export interface EvidenceLine {
  readonly source: StatusSource;
  readonly what: string;
  /** Milliseconds; 0 for what was looked at right now. */
  readonly ageMs: number;
}

/** Why an agent's status is what it is. */
export interface Explanation {
  readonly status: AgentStatus;
  readonly reason: string | null;
  readonly source: StatusSource | null;
  /** Id of the rule that read the screen; null when the screen was not read. */
  readonly rule: string | null;
  readonly evidence: readonly EvidenceLine[];
}

/** Hook events that are shown. */
const MOST_HOOKS = 3;

/** All that an agent's status rests on, the strongest first, as it was seen. */
export async function explainAgent(session: Session, { row, look, pane, screen }: Observation): Promise<Explanation> {
  const { status, reason, source } = row;
  const says = agentCliToSee(row.cli, session.config).titleSays?.(screen?.title ?? '') ?? null;
  const title: EvidenceLine[] =
    says === null ? [] : [{ source: 'title', what: `title '${screen?.title.trim() ?? ''}' says ${says}`, ageMs: 0 }];
  const shown: EvidenceLine[] =
    look === null ? [] : [{ source: 'screen', what: `${look.state}: ${look.reason}`, ageMs: 0 }];
  return {
    status: status as AgentStatus,
    reason,
    source: source as StatusSource | null,
    rule: look?.rule ?? null,
    evidence: [
      { source: 'process', what: processWords(row, pane), ageMs: 0 },
      ...(await hooks(session, row)),
      ...title,
      ...shown,
      ...activity(pane),
    ],
  };
}

/** tmux tells it to the second. */
function activity(pane: Observation['pane']): EvidenceLine[] {
  if (pane === null || pane.dead) return [];
  return [{ source: 'activity', what: 'its window wrote last', ageMs: Math.max(0, Date.now() - pane.activity) }];
}

type Pane = { readonly dead: boolean; readonly deadStatus: number | null; readonly deadSignal: number | null } | null;

function processWords(row: AgentRow, pane: Pane): string {
  if (row.pid === null) return 'no process';
  if (pane === null) return `process ${row.pid}: its window is gone`;
  if (!pane.dead) return `process ${row.pid} lives`;
  return `process ${row.pid} ended, ${pane.deadSignal === null ? `status ${pane.deadStatus ?? 'unknown'}` : `signal ${pane.deadSignal}`}`;
}

async function hooks(session: Session, row: AgentRow): Promise<EvidenceLine[]> {
  const cli = agentCliToSee(row.cli, session.config);
  const lines: EvidenceLine[] = [];
  for await (const { event, at, payload } of newestEvents(spoolOf(session.repo, row))) {
    const ageMs = Math.max(0, Date.now() - Date.parse(at));
    const called = mcpEvidence(event, at, payload);
    if (called !== null) {
      lines.push({ source: 'mcp', what: `${called.event} says ${called.state}`, ageMs });
      if (lines.length === MOST_HOOKS) break;
      continue;
    }
    const told = cli.events(event, payload);
    const what = `hook ${told?.detail ?? event}${told?.state == null ? '' : ` says ${told.state}`}`;
    lines.push({ source: 'hook', what, ageMs });
    if (lines.length === MOST_HOOKS) break;
  }
  return lines;
}
