import { agentById } from '../../agents/records.ts';
import type { Session } from '../../agents/session.ts';
import { boardOf } from '../../board/context.ts';
import { postMessage } from '../../board/messages/post.ts';
import type { Participant } from '../../board/participants.ts';
import { resolveParticipant } from '../../board/roster.ts';
import { localBranch } from '../../git/branches.ts';
import { isEmbedded } from '../../git/embedded.ts';
import { exit, UserError } from '../../lib/errors.ts';
import { requireOwnBranch } from '../own-branch.ts';
import { ownWorkIn } from '../own-work.ts';
import { targetOf } from '../target.ts';
import { enqueue, openEntry, type QueueEntry, toEntry } from './entries.ts';
import { settle } from './settle.ts';

/** What an agent may ask for: how and when it is merged says who leads. Its place is that of a person's wish without a word on it. */
export const PLAIN_REQUEST = { into: null, strategy: null, priority: 3, keep: true, rework: false } as const;

export interface MergeRequest {
  readonly entry: QueueEntry;
  /** Who was told; null when there was nothing new to tell. */
  readonly told: string | null;
}

/**
 * An agent asks for what it has committed to be brought home: who leads is told, and says yes by putting it into the
 * queue. Asked again while it waits, it is the same request, of which only a new commit or a note is told.
 * @throws UserError exit 4 for who is no agent, while something is not committed, and from another branch.
 */
export async function requestMerge(session: Session, me: Participant, note: string | null): Promise<MergeRequest> {
  const row = await agentById(session.db, me.id);
  if (row === undefined) throw noAgent(me.name);
  if (row.worktree !== null) await requireOwnBranch(session, row, row.worktree, 'its work there would be left out');
  const work = row.worktree === null ? [] : (await ownWorkIn(session, row.worktree)).files;
  // No commit takes a repository of its own in, and the agent stays.
  const files = work.filter((path) => !isEmbedded(path));
  if (files.length > 0) throw uncommitted(row.name, files);
  const board = boardOf(session);
  const leader = await resolveParticipant(board, 'leader');
  const tip = row.branch === null ? null : await localBranch(session.repo, row.branch);
  const { name: into } = await targetOf(session, row, null, `swarm queue add ${row.name}`);
  const open = await openEntry(session.db, row, into);
  // What waits for its turn has the yes.
  const isNew = open === undefined || (open.state === 'requested' && open.tip !== tip);
  if (open !== undefined && !isNew && note === null) return { entry: toEntry(open), told: null };
  if (open?.state === 'requested') await settle(session, open, { tip });
  const entry =
    open === undefined ? await enqueue(session, row, PLAIN_REQUEST, { state: 'requested', tip }) : toEntry(open);
  if (leader.id !== me.id) {
    const more = note === null ? '' : ` ${note}`;
    const yes =
      entry.state === 'requested' ? `swarm queue add ${row.name} --keep says yes` : `it is ${entry.state} already`;
    const text = `I asked for my work to be merged into ${entry.into}: ${yes}.${more}`;
    const payload = { merge: entry.id, into: entry.into };
    await postMessage(board, me, { to: [leader], type: 'STATUS_UPDATE', text, payload }).catch((error: unknown) => {
      // It stands in the queue, where everybody sees it.
      if (!(error instanceof UserError && error.code === 'INBOX_FULL')) throw error;
    });
  }
  return { entry, told: leader.name };
}

function noAgent(name: string): UserError {
  return new UserError({
    code: 'NOT_AN_AGENT',
    exit: exit.refused,
    message: `${name} has no worktree and branch here that could be merged.`,
    hint: 'swarm ls',
    details: { participant: name },
  });
}

function uncommitted(agent: string, files: readonly string[]): UserError {
  const named = files.slice(0, 5).join(', ') + (files.length > 5 ? ` and ${files.length - 5} more` : '');
  return new UserError({
    code: 'DIRTY_WORKTREE',
    exit: exit.refused,
    message: `Your worktree has work that no commit has: ${named}. Only what is committed can be merged.`,
    hint: 'git commit',
    details: { agent, files: files.slice(0, 100) },
  });
}
