import type { CallToolResult } from '@modelcontextprotocol/server';
import { messageOf, UserError } from '../lib/errors.ts';
import { machineError } from '../lib/machine-errors.ts';

/** What to call next, where the way out in a shell is not the one here. */
const NEXT: Readonly<Record<string, string>> = {
  NO_SUCH_TASK: 'list_tasks shows the tasks.',
  BAD_TASK: 'Call it again with that put right.',
  NO_SUCH_PARTICIPANT: 'list_agents shows who is here.',
  NOT_A_LEADER: 'Ask the leader with ask_question, or tell it with send_message.',
  NO_REASON: 'Say why, with reason.',
  NOTHING_TO_CHANGE: 'Name with it what is to be otherwise.',
  NOT_CLAIMED: 'claim_task claims a task.',
  STALE_ATTEMPT: 'Stop what you began then; claim_task tells what you hold now.',
  TASK_OVERLAPS: 'Give it once that is done or released, or change its scope with update_task.',
  DIRTY_WORKTREE: 'Commit what is to be merged, then call again.',
  BUSY: 'Wait a moment, then call it again.',
  CYCLE: 'get_status and list_tasks show what depends on what.',
};

/** An error as a tool's answer: what happened, and what to do next. A stack only where the mistake is ours. */
export function failure(thrown: unknown): CallToolResult {
  const error = (thrown instanceof Error ? machineError(thrown) : null) ?? thrown;
  if (error instanceof UserError) {
    const { code, message, hint, details } = error;
    const next = NEXT[code] ?? (hint === null ? null : `Next: ${hint}`);
    const text = [`${code}: ${message}`, ...(next === null ? [] : [next])].join('\n');
    return said(text, { code, message, next, details });
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  const bug = { code: 'BUG', message: messageOf(error), next: null, details: {} };
  return said(`This is a bug in swarm, not a mistake of yours: ${what}`, bug);
}

/** Words, and the same for programs: as text, since clients hold a structure to the schema of what went well. */
function said(text: string, error: object): CallToolResult {
  const texts = [text, JSON.stringify({ error })];
  return { isError: true, content: texts.map((one) => ({ type: 'text', text: one })) };
}
