import { requireWorktree } from '../agents/ground.ts';
import { withTurn } from '../agents/life/turn.ts';
import { recordEvent } from '../agents/records.ts';
import { statusNow, writesNothing } from '../agents/rest.ts';
import type { Session } from '../agents/session.ts';
import { commitAll } from '../git/commit.ts';
import { isEmbedded } from '../git/embedded.ts';
import { exit, UserError } from '../lib/errors.ts';
import { withLease } from '../store/leases.ts';
import type { AgentRow } from '../store/schema.ts';
import { type CheckpointDoor, type MessageFor, messenger } from './checkpoint-message.ts';
import { requireOwnBranch } from './own-branch.ts';
import { ownWorkIn } from './own-work.ts';

export interface Checkpoint {
  readonly agent: string;
  readonly branch: string;
  readonly commit: string;
  readonly message: string;
  /** Paths that were committed. */
  readonly files: readonly string[];
  /** Repositories of their own, which a commit would only point into. */
  readonly left: readonly string[];
}

/** Milliseconds that a prompt gets which somebody is about to type. */
const PATIENCE = 5000;

const ELSEWHERE = 'what is committed there would not be where you expect it';

/**
 * Commits what is there in an agent's worktree: only while it rests, unless `now`. Untracked files that were copied from
 * the main worktree (`.env`) are left out, also where the agent has changed them, and so are repositories in it. Without a `door` nobody is asked, and
 * `merge.checkpoint` does not run.
 * @throws UserError exit 4 while it works, in the middle of a merge or rebase, or on another branch; exit 3 when there is
 * nothing to commit, exit 6 when a prompt is being typed into it.
 */
export async function checkpoint(
  session: Session,
  agent: AgentRow,
  options: { readonly message: string | null; readonly now: boolean },
  door: CheckpointDoor | null = null,
): Promise<Checkpoint> {
  const messageFor = await messenger(session, agent, options.message, door);
  return withTurn(session, agent, { ends: false }, async (row) => {
    const work = () => commitWork(session, row, messageFor);
    if (options.now) return work();
    await requireRest(session, row);
    // It rests until the commit is there: the user's hooks may take long, and a prompt would set it to work meanwhile.
    return withLease(session.db, `deliver:${row.id}`, PATIENCE, async () => {
      await requireRest(session, row);
      return work();
    });
  });
}

async function commitWork(session: Session, row: AgentRow, messageFor: MessageFor): Promise<Checkpoint> {
  const worktree = requireWorktree(row);
  const branch = await requireOwnBranch(session, row, worktree, ELSEWHERE);
  const work = await ownWorkIn(session, worktree);
  const left = work.files.filter(isEmbedded);
  const files = work.files.filter((path) => !isEmbedded(path));
  if (files.length === 0) throw nothing(row, left);
  const message = await messageFor(files);
  const commit = await commitAll(worktree, message, [...work.leave, ...left]);
  await recordEvent(session.db, row.name, 'checkpoint', { commit, files: files.length });
  return { agent: row.name, branch, commit, message, files, left };
}

async function requireRest(session: Session, row: AgentRow): Promise<void> {
  const status = await statusNow(session, row);
  if (writesNothing(status)) return;
  throw new UserError({
    code: 'AGENT_WORKING',
    exit: exit.refused,
    message: `${row.name} is ${status}: it may be in the middle of a change.`,
    hint: `swarm checkpoint ${row.name} --now`,
    details: { agent: row.name, status },
  });
}

function nothing({ name }: AgentRow, left: readonly string[]): UserError {
  const but = left.length === 0 ? '' : ` but what is a repository of its own: ${left.join(', ')}`;
  return new UserError({
    code: 'NOTHING_TO_COMMIT',
    exit: exit.notFound,
    message: `${name} has nothing to commit${but}.`,
    hint: `swarm diff ${name}`,
    details: { agent: name, left },
  });
}
