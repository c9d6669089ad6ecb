import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { resolveAgent } from '../../agents/resolve.ts';
import { postMessage } from '../../board/messages/post.ts';
import { PERSON } from '../../board/participants.ts';
import { notALeader } from '../../board/tasks/refusals.ts';
import { messageOf } from '../../lib/errors.ts';
import { log } from '../../lib/log.ts';
import type { MergeResult } from '../../merge/types.ts';
import type { Call } from '../call.ts';
import { snakeKeys } from '../snake.ts';
import { READS, SETS, tool, WRITES } from '../tool.ts';
import { waiting } from '../waiting.ts';
import { seeToWatch } from '../watched.ts';

const agentInput = z.string().min(1).describe("An agent's name, number or ticket.");
const STRATEGIES = ['squash', 'merge', 'rebase', 'ff'] as const;
/** Milliseconds for which a merge is waited for in one call; its gate may take longer. */
const PATIENCE = 45_000;

const conflictShape = z.object({
  a: z.string(),
  b: z.string().nullable().describe('Another agent; null: the target.'),
  target: z.string().nullable().describe('The branch that the work is to go to; null between two agents.'),
  kind: z
    .enum(['merge', 'editing'])
    .describe('merge: git cannot merge the two. editing: both have the same files changed and not committed.'),
  files: z.array(z.string()),
});

const conflicts = tool({
  name: 'list_conflicts',
  title: 'List who collides with whom',
  description:
    "Whose work collides with whose, or with the branch that it goes to, uncommitted work included. Nobody's files are touched.",
  input: z.strictObject({}),
  output: z.object({
    conflicts: z.array(conflictShape),
    not_read: z.array(z.string()).describe('Agents whose work could not be read: whether it collides is not known.'),
  }),
  annotations: READS,
  leaders: true,
  run: async (call) => {
    requireLeader(call, 'see all collisions');
    const { knownConflicts } = await import('../../merge/conflicts.ts');
    const { conflicts: found, errors } = await knownConflicts(call.session);
    const lines = [
      ...found.map(({ a, b, target, kind, files }) => `${a} with ${b ?? target} (${kind}): ${files.join(', ')}`),
      ...errors.map(({ error }) => messageOf(error)),
    ];
    const result = { conflicts: found, not_read: errors.map(({ agent }) => agent) };
    return { result, text: lines.join('\n') || 'No conflicts.' };
  },
});

const reviewShape = z.object({
  agent: z.string(),
  status: z.string(),
  branch: z.string().nullable(),
  into: z.string(),
  commits: z.number().nullable(),
  files: z.number().nullable(),
  uncommitted: z.number().nullable().describe('Files that no commit has.'),
  merge: z.enum(['clean', 'conflict', 'nothing']).nullable().describe('What merging its commits would come to now.'),
  conflicts: z.array(z.string()).describe('Files that could not be merged.'),
  gate: z.enum(['passed', 'failed']).nullable().describe('What the gate said of exactly this, if it ran.'),
});

const review = tool({
  name: 'review_changes',
  title: "Review an agent's changes",
  description:
    'What an agent has made, before merge_agent: how much, whether it would merge, what the gate said, and the diff (committed, uncommitted and new files) a page at a time.',
  input: z.strictObject({
    agent: agentInput,
    form: z.enum(['patch', 'stat', 'name-only']).default('patch').describe('stat and name-only are short.'),
    offset: z.number().int().min(0).default(0).describe('From which character of the diff on.'),
    limit: z.number().int().min(100).max(100_000).default(20_000).describe('Characters of the diff at most.'),
  }),
  output: z.object({
    review: reviewShape,
    diff: z.string(),
    next_offset: z.number().nullable().describe('Where the diff goes on; null at its end.'),
  }),
  annotations: READS,
  leaders: true,
  run: async (call, { agent, form, offset, limit }) => {
    requireLeader(call, "review others' changes");
    const { session } = call;
    const row = await resolveAgent(session.db, agent, { prefix: true });
    const { compareAgents } = await import('../../merge/compare.ts');
    const { agentDiff } = await import('../../agents/diff.ts');
    const door = { yes: false, ask: null, tell: () => {} };
    const [one] = await compareAgents(session, [row.name], { into: null, gate: false }, door);
    const whole = row.worktree === null ? '' : (await agentDiff(row, form, false)).diff;
    const diff = whole.slice(offset, offset + limit);
    const next = offset + limit < whole.length ? offset + limit : null;
    const result = {
      review: reviewShape.parse({ ...one, gate: one?.gate?.state ?? null }),
      diff,
      next_offset: next,
    };
    const { merge, into, commits, uncommitted } = result.review;
    const head = `${row.name}: ${commits ?? 0} commits for ${into}, ${uncommitted ?? 0} uncommitted files; merging: ${merge}.`;
    return { result, text: `${head}${next === null ? '' : ` The diff goes on at offset ${next}.`}` };
  },
});

const merge = tool({
  name: 'merge_agent',
  title: "Merge an agent's work",
  description:
    "Brings an agent's committed work home: merged, tried by the gate, and only then in the target; else nothing changes. The agent must rest with everything committed, and is removed afterwards (it can be restored), unless keep. state running: the gate takes long, and a message tells the end.",
  input: z.strictObject({
    agent: agentInput,
    into: z.string().min(1).optional().describe('The branch to merge into. Default: as configured, or where it began.'),
    strategy: z.enum(STRATEGIES).optional().describe('Default: as configured.'),
    message: z
      .string()
      .min(1)
      .optional()
      .describe('Of the commit that squash and merge make. Default: made of its commits.'),
    keep: z.boolean().default(false).describe('The agent stays, and may go on working.'),
  }),
  output: z.object({
    agent: z.string(),
    state: z.enum(['merged', 'conflict', 'gate_failed', 'refused', 'nothing', 'running']),
    into: z.string().nullable(),
    commit: z.string().nullable(),
    files: z.array(z.string()).describe('Of a conflict, or in the way.'),
    log: z.string().nullable().describe('What the gate wrote.'),
    reason: z.string().nullable(),
    removed: z.boolean(),
    notes: z.array(z.string()).describe('What followed it and did not go as one might expect.'),
  }),
  annotations: WRITES,
  leaders: true,
  run: async (call, { agent, into = null, strategy = null, message = null, keep }) => {
    requireLeader(call, "merge others' work");
    const row = await resolveAgent(call.session.db, agent, { prefix: true });
    const { mergeAgent } = await import('../../merge/merge.ts');
    const door = { yes: false, ask: null, tell: () => {} };
    const options = { into, strategy, message, keep, gate: true };
    const running = mergeAgent(call.session, row, options, door);
    const wish = { ms: PATIENCE, state: 'waiting', for: `the merge of ${row.name}` } as const;
    const result = await waiting(call, wish, ({ wait }) => Promise.race([running, delay(wait, null, { ref: false })]));
    if (result !== null) return { result: shown(result), text: sentence(result) };
    tellLater(call, row.name, running);
    const nothing = { into, commit: null, files: [], log: null, reason: null, removed: false, notes: [] };
    const text = `${row.name} is still being merged; a message (receive_messages) tells what it came to.`;
    return { result: { ...nothing, agent: row.name, state: 'running' as const }, text };
  },
});

const queueShape = z.object({
  id: z.number(),
  into: z.string(),
  state: z.enum(['requested', 'queued', 'running', 'merged', 'returned', 'rework', 'removed']),
  priority: z.number(),
  created_at: z.string(),
});

const request = tool({
  name: 'request_merge',
  title: 'Ask for your work to be merged',
  description:
    'Asks for what you have committed on your branch to be merged: the leader is told, and puts it into the merge queue. You go on; a message tells whether it was merged, or what must change first.',
  input: z.strictObject({ note: z.string().min(1).optional().describe('What the leader should know of it.') }),
  output: z.object({ request: queueShape, told: z.string().nullable().describe('Null: they know of it already.') }),
  annotations: SETS,
  run: async (call, { note = null }) => {
    const { requestMerge } = await import('../../merge/queue/request.ts');
    const { entry, told } = await requestMerge(call.session, call.me, note);
    const watched = await seeToWatch(call, [{ to: call.me.name }]);
    const who = told === null ? 'who leads knows of it' : `${told} decides`;
    const text = `Your merge into ${entry.into} is ${entry.state}; ${who}.${watched}`;
    return { result: { request: queueShape.parse(snakeKeys(entry)), told }, text };
  },
});

function requireLeader({ me }: Call, what: string): void {
  if (!me.leads) throw notALeader(me, what);
}

function shown({ agent, state, into, commit, files, log: written, reason, removed, notes }: MergeResult) {
  return { agent, state, into, commit, files, log: written, reason, removed, notes: [...notes] };
}

function sentence({ agent, state, into, commit, reason, files, notes }: MergeResult): string {
  const named = files.length === 0 ? '' : ` Files: ${files.join(', ')}.`;
  if (state === 'merged') {
    return [`${agent} is merged into ${into} (${commit?.slice(0, 9)}).`, ...notes].join('\n');
  }
  if (state === 'nothing') return `${agent} has nothing that ${into} lacks.`;
  const next =
    state === 'conflict' || state === 'gate_failed'
      ? ` swarm merge ${agent} --rework gives it the task to mend that.`
      : '';
  return `${agent} is not merged into ${into}: ${state}${reason === null ? '' : ` (${reason})`}.${named}${next}`;
}

/** Says by a message how a merge ended that took longer than a call may. */
function tellLater({ board, me }: Call, agent: string, running: Promise<MergeResult>): void {
  const end = running.then(
    (result) => ({ text: sentence(result), payload: shown(result) }),
    (error: unknown) => ({ text: `${agent} was not merged: ${messageOf(error)}`, payload: { agent } }),
  );
  void end
    .then(({ text, payload }) => postMessage(board, PERSON, { to: [me], type: 'STATUS_UPDATE', text, payload }))
    .catch((error: unknown) => log('warn', messageOf(error)));
}

/** How work comes home. */
export const mergeTools = [conflicts, review, merge, request];
