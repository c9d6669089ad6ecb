import { approveCommands, type ConsentDoor } from '../agents/consent.ts';
import { agentDiff } from '../agents/diff.ts';
import { lookAtAll } from '../agents/list.ts';
import { pickAgents } from '../agents/pick.ts';
import type { Session } from '../agents/session.ts';
import type { Agent, AgentStatus } from '../agents/types.ts';
import { readEvents } from '../board/log.ts';
import { localBranch, type Ref } from '../git/branches.ts';
import { git } from '../git/git.ts';
import { exit, UserError } from '../lib/errors.ts';
import { shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import { predictHome } from './brought.ts';
import { ownWorkIn } from './own-work.ts';
import { targetOf } from './target.ts';
import { type GateResult, lastGateResult, tryOut } from './try-out.ts';

/** One agent's work beside that of others. Null: not known. */
export interface Contender {
  readonly agent: string;
  readonly ticket: string | null;
  readonly cli: string;
  readonly model: string | null;
  readonly status: AgentStatus;
  readonly branch: string | null;
  /** The branch that it would be merged into. */
  readonly into: string;
  readonly commits: number | null;
  /** Files and lines that differ from where the work began, what is not committed included. */
  readonly files: number | null;
  readonly insertions: number | null;
  readonly deletions: number | null;
  /** Files that no commit has. */
  readonly uncommitted: number | null;
  /** What merging its commits would come to now. */
  readonly merge: 'clean' | 'conflict' | 'nothing' | null;
  readonly conflicts: readonly string[];
  readonly gate: GateResult | null;
  readonly tokens: number | null;
  /** Milliseconds from its creation to now, or to the last sign of its work once it rests. */
  readonly took: number;
  /** Whether `swarm pick` chose it. */
  readonly picked: boolean;
}

export interface CompareOptions {
  readonly into: string | null;
  /** Run the gate on each one's merged tree. */
  readonly gate: boolean;
}

export interface CompareDoor extends ConsentDoor {
  readonly tell: (line: string) => void;
}

/**
 * What several agents made of the same thing, side by side, in the order of creation.
 * @throws UserError exit 3 for a word that names nobody; with `gate`, exit 2 where no gate is configured.
 */
export async function compareAgents(
  session: Session,
  words: readonly string[],
  { into, gate }: CompareOptions,
  door: CompareDoor,
): Promise<readonly Contender[]> {
  const { rows, errors } = await pickAgents(session, words, { all: false, prefix: true, several: true });
  if (errors[0] !== undefined) throw errors[0].error;
  if (gate) await tryAll(session, rows, into, door);
  const chosen = await chosenOnes(session);
  const agents = await lookAtAll(session, rows, {});
  const contenders: Contender[] = [];
  for (const agent of agents) {
    const row = rows.find(({ id }) => id === agent.id);
    if (row !== undefined) contenders.push(await contenderOf(session, row, agent, into, chosen));
  }
  return contenders;
}

async function tryAll(
  session: Session,
  rows: readonly AgentRow[],
  into: string | null,
  door: CompareDoor,
): Promise<void> {
  const approved = await approveCommands(session, ['merge.gate'], door);
  if (approved.lines('merge.gate').length === 0) throw noGate();
  for (const row of rows) {
    const tip = await tipOf(session, row);
    if (tip === null) continue;
    await tryOut(session, row, await goalOf(session, row, into), tip, { approved, tell: door.tell });
  }
}

/** Whoever only looks is told of no command that merges. */
const goalOf = (session: Session, row: AgentRow, into: string | null): Promise<Ref> =>
  targetOf(session, row, into, `swarm compare ${shellWord(row.ticket ?? row.name)}`);

async function contenderOf(
  session: Session,
  row: AgentRow,
  agent: Agent,
  into: string | null,
  chosen: ReadonlySet<string>,
): Promise<Contender> {
  const target = await goalOf(session, row, into);
  const tip = await tipOf(session, row);
  const names = await agentDiff(row, 'name-only', false).catch(() => null);
  const { name, ticket, cli, model, status, branch, git: facts, budget } = agent;
  return {
    agent: name,
    ticket,
    cli,
    model,
    status,
    branch,
    into: target.name,
    files: names === null ? null : names.diff.split('\n').filter((line) => line !== '').length,
    insertions: facts?.insertions ?? null,
    deletions: facts?.deletions ?? null,
    uncommitted: await uncommittedOf(session, row),
    ...(await outlook(session, row, target, tip)),
    gate: tip === null ? null : await lastGateResult(session, row, target, tip),
    // Zero is what nobody has counted.
    tokens: budget.consumed > 0 ? budget.consumed : null,
    took: Math.max(
      0,
      (AT_IT.has(status) ? Date.now() : Date.parse(agent.lastActivityAt)) - Date.parse(agent.createdAt),
    ),
    picked: chosen.has(row.id),
  };
}

/** How many files are to be committed before it can be merged; null where that can't be told. */
async function uncommittedOf(session: Session, { worktree }: AgentRow): Promise<number | null> {
  if (worktree === null) return null;
  const work = await ownWorkIn(session, worktree).catch(() => null);
  return work?.files.length ?? null;
}

/** Statuses in which the time still runs. */
const AT_IT: ReadonlySet<AgentStatus> = new Set(['starting', 'working', 'waiting', 'blocked', 'stuck']);

async function outlook(
  session: Session,
  row: AgentRow,
  target: Ref,
  tip: string | null,
): Promise<Pick<Contender, 'commits' | 'merge' | 'conflicts'>> {
  if (tip === null) return { commits: null, merge: null, conflicts: [] };
  const { predicted, ours } = await predictHome(session, row, target.oid, tip);
  const commits = Number(await git(session.repo.root).run(['rev-list', '--count', `${ours}..${tip}`, '--']));
  const conflicts = predicted.state === 'conflict' ? predicted.files : [];
  return { commits, merge: predicted.state === 'unrelated' ? 'conflict' : predicted.state, conflicts };
}

const tipOf = ({ repo }: Session, { branch }: AgentRow): Promise<string | null> =>
  branch === null ? Promise.resolve(null) : localBranch(repo, branch);

/** Ids of the agents that were picked, the last one of each ticket. */
async function chosenOnes({ db }: Session): Promise<ReadonlySet<string>> {
  const events = await readEvents(db, { types: ['picked'] });
  return new Set(new Map(events.map(({ data }) => [String(data['ticket']), String(data['id'])])).values());
}

function noGate(): UserError {
  return new UserError({
    code: 'NO_GATE',
    exit: exit.usage,
    message: 'There is no gate to run: merge.gate is not configured.',
    hint: 'In swarm.yaml: merge: { gate: npm test }',
  });
}
