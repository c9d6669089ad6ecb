import { agentDiff } from '../../agents/diff.ts';
import { promptHistory } from '../../agents/history.ts';
import { agentNow } from '../../agents/list.ts';
import type { LogLine } from '../../agents/log/log.ts';
import type { Session } from '../../agents/session.ts';
import { isTold } from '../../agents/tools/line.ts';
import { messageOf } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { Tab, TabData } from '../state.ts';
import { rowOf, type Stage } from './stage.ts';

/** Events and prompts that are read at most. */
const EVENTS = 500;
const PROMPTS = 20;

/** Reads what a tab shows. */
export async function load(stage: Stage, agent: string, tab: Tab): Promise<void> {
  const content = await read(stage, await rowOf(stage, agent), tab).catch((error: unknown) => ({
    kind: 'failed' as const,
    message: messageOf(error),
  }));
  stage.dispatch({ type: 'data', data: { agent, tab, content } });
}

async function read({ session }: Stage, row: AgentRow, tab: Tab): Promise<TabData['content']> {
  if (tab === 'diff') return { kind: 'diff', diff: await agentDiff(row, 'patch', false) };
  if (tab === 'log') return { kind: 'log', events: await history(session, row) };
  const [{ explanation }, prompts] = await Promise.all([
    agentNow(session, row, true),
    promptHistory(session, row, PROMPTS),
  ]);
  return { kind: 'details', explanation, prompts };
}

/** What happened to the agent and what it did, the newest first. What happened under a former name is under that. */
async function history(session: Session, { name }: AgentRow): Promise<LogLine[]> {
  const query = { agent: name, names: [name], since: null, types: null, tools: true, most: EVENTS };
  // Not needed for the first frame.
  const { readLog } = await import('../../agents/log/log.ts');
  const { events } = await readLog(session, query);
  return events.filter(({ id, data }) => id !== null || isTold(data)).reverse();
}
