import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { branchHolder, localBranch, resolveBase } from '../../git/branches.ts';
import { listWorktrees, realOf, type WorktreeEntry } from '../../git/worktrees.ts';
import { BugError, exit, UserError } from '../../lib/errors.ts';
import { shellWord } from '../../lib/text.ts';
import { startOf } from '../../process/identity.ts';
import { hasForeground } from '../../process/terminal.ts';
import { beginOperation, type Operation, readOperation } from '../../store/journal.ts';
import { withLease } from '../../store/leases.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { PaneFacts } from '../../tmux/panes.ts';
import { agentCli } from '../clis/index.ts';
import { requireProgram } from '../clis/program.ts';
import { approveCommands } from '../consent.ts';
import { approvePanes } from '../panes.ts';
import { agentById, allAgents, recordEvent, setStatus, updateAgent } from '../records.ts';
import { recordServer, type Session } from '../session.ts';
import { takePorts } from '../spawn/ground.ts';
import { PLAIN_SPAWN, type SpawnDoor } from '../spawn/request.ts';
import { PLAN_LEASE, reserveNamed } from '../spawn/reserve.ts';
import { spawnAgents } from '../spawn/spawn.ts';
import { undoSpawn } from '../spawn/undo.ts';
import { type StartWish, startAgent } from '../start.ts';

export interface AdoptOptions {
  readonly cli: string;
  readonly name: string | null;
  /** Consent for this run only. */
  readonly yes: boolean;
}

/** Makes an agent of what the word names: a pane (`%5`), a local branch, else a folder seen from `cwd`. */
export async function adopt(
  session: Session,
  cwd: string,
  word: string,
  options: AdoptOptions,
  door: SpawnDoor,
): Promise<AgentRow> {
  agentCli(options.cli, session.config);
  const keys = [`agents.${options.cli}`, 'dialogs'];
  const approved = await approveCommands(session, keys, { yes: options.yes, ask: door.ask });
  if (/^%\d+$/.test(word)) return adoptPane(session, word, options);
  const branch = await localBranch(session.repo, word);
  const holder = branch === null ? null : await branchHolder(session.repo, word);
  if (branch !== null && holder === null) return adoptBranch(session, word, options, door);
  const panes = { approved: await approvePanes(session, { ...door, yes: options.yes }), tell: door.tell };
  return adoptWorktree(session, holder ?? resolve(cwd, word), options, { approved, panes });
}

/** A branch without a worktree gets one, as a spawn would make it. */
async function adoptBranch(
  session: Session,
  branch: string,
  options: AdoptOptions,
  door: SpawnDoor,
): Promise<AgentRow> {
  const crew = [{ cli: options.cli, count: 1 }];
  const request = { ...PLAIN_SPAWN, ...options, branch, tickets: [branch], crew, ticketText: false };
  const { agents, errors } = await spawnAgents(session, request, door);
  const row = agents[0] === undefined ? undefined : await agentById(session.db, agents[0].id);
  // An agent whose post_create failed is there, and no success.
  if (errors[0] !== undefined) throw errors[0].error;
  if (row === undefined) throw new BugError(`nothing was made of the branch ${branch}`);
  return row;
}

/** Makes an agent of a worktree that exists: its CLI is started there. The worktree and branch stay when it is removed. */
async function adoptWorktree(
  session: Session,
  path: string,
  options: AdoptOptions,
  may: Pick<StartWish, 'approved' | 'panes'>,
): Promise<AgentRow> {
  const entry = await requireEntry(session, path);
  requireProgram(agentCli(options.cli, session.config), session.env, session.repo.root);
  return asAgent(session, entry, options, async (row, operation) => {
    const started = await startAgent(session, { row, prompt: null, conversation: null, ...may, operation });
    return started.row;
  });
}

/** Makes an agent of a program that runs in a tmux pane already. Nothing is typed or restarted; its window stays where it is. */
async function adoptPane(session: Session, pane: string, options: AdoptOptions): Promise<AgentRow> {
  const facts = await requirePane(session, pane);
  const entry = await requireEntry(session, facts.currentPath);
  if (options.cli !== 'shell' && (await hasForeground(facts.pid)) === false) throw ofAShell(facts, entry, options.cli);
  return asAgent(session, entry, options, async (row) => {
    const placed = await updateAgent(session.db, row.id, {
      tmux_window: facts.window,
      tmux_pane: facts.pane,
      pid: facts.pid,
      pid_start: await startOf(facts.pid),
    });
    // The pane's own: its user may have others beside it.
    await recordServer(session);
    await session.tmux.setOption('pane', facts.pane, 'remain-on-exit', 'on');
    await session.tmux.setOption('pane', facts.pane, '@swarm_adopted', '1');
    await session.tmux.setOption('pane', facts.pane, '@swarm_agent', row.id);
    await recordEvent(session.db, row.name, 'adopted', { pane });
    return setStatus(session.db, placed, { status: 'unknown', reason: 'adopted just now', source: 'swarm' });
  });
}

/** The agent's process is its pane's: of one that a shell has started, all that is done to the agent would be done to that shell. */
function ofAShell({ pane, currentCommand }: PaneFacts, { path }: WorktreeEntry, cli: string): UserError {
  return new UserError({
    code: 'STARTED_FROM_A_SHELL',
    exit: exit.refused,
    message: `A shell in the pane ${pane} has started ${currentCommand}, and swarm can only take over what has a pane to itself. End it and start it there with 'exec ${cli}', or let swarm start one in a window of its own.`,
    hint: `swarm adopt ${shellWord(path)} --agent ${shellWord(cli)}`,
    details: { pane, command: currentCommand, worktree: path },
  });
}

/** Puts the worktree on the books as an agent's, with ports of its own, and gives it its window. What fails is undone. */
async function asAgent(
  session: Session,
  entry: WorktreeEntry,
  options: AdoptOptions,
  window: (row: AgentRow, operation: Operation) => Promise<AgentRow>,
): Promise<AgentRow> {
  const id = randomUUID();
  // Where the ports are kept: without it nothing of this could be done, or undone.
  await session.userDb();
  const operation = await beginOperation(session.db, 'adopt', id, { agent: entry.path });
  try {
    const reserved = await operation.step('reserve', () =>
      withLease(session.db, 'plan', PLAN_LEASE, () => reserve(session, entry, options, id)),
    );
    const row = await operation.step('ports', () => takePorts(session, reserved));
    const placed = await operation.step('window', () => window(row, operation));
    await operation.finish('done');
    return placed;
  } catch (error) {
    await undoSpawn(session, await readOperation(session.db, operation.id));
    await operation.finish('undone');
    throw error;
  }
}

async function reserve(session: Session, entry: WorktreeEntry, options: AdoptOptions, id: string): Promise<AgentRow> {
  const holder = (await allAgents(session.db)).find(({ worktree }) => worktree === entry.path);
  if (holder) {
    throw new UserError({
      code: 'ADOPTED_ALREADY',
      exit: exit.refused,
      message: `${entry.path} belongs to ${holder.name} already.`,
      hint: `swarm attach ${holder.name}`,
    });
  }
  const base = await resolveBase(session.repo, session.config.worktrees.base).catch(() => null);
  const row = await reserveNamed(session.db, session.repo, {
    cli: options.cli,
    name: options.name,
    id,
    ticket: entry.branch,
  });
  return updateAgent(session.db, row.id, {
    branch: entry.branch,
    branch_created: 0,
    base: base?.name ?? null,
    base_oid: base?.oid ?? null,
    worktree: entry.path,
    worktree_created: 0,
  });
}

/** The worktree that holds a folder; the deepest one, since worktrees may lie inside each other. */
async function requireEntry(session: Session, folder: string): Promise<WorktreeEntry> {
  const real = await realOf(folder);
  const entries = (await listWorktrees(session.repo)).filter(({ bare }) => !bare);
  const holding = entries.filter(({ path }) => real === path || real.startsWith(`${path}/`));
  const [entry] = holding.sort((a, b) => b.path.length - a.path.length);
  if (entry) return entry;
  throw new UserError({
    code: 'NOT_A_WORKTREE',
    exit: exit.notFound,
    message: `${folder} is in no worktree of this repository. There are: ${entries.map(({ path }) => path).join(', ')}.`,
    hint: 'git worktree list',
  });
}

async function isOrphan(session: Session, { session: at, agentId }: PaneFacts): Promise<boolean> {
  const own = await session.tmux.findSession(session.id);
  return own?.session === at && (await agentById(session.db, agentId)) === undefined;
}

async function requirePane(session: Session, pane: string): Promise<PaneFacts> {
  const facts = (await session.tmux.snapshot([pane])).get(pane);
  // The mark of an agent that is gone: a crash can leave such a window.
  const free = facts?.agentId === '' || (facts && (await isOrphan(session, facts)));
  if (facts !== undefined && free && facts.extraOf === '' && !facts.dead) return facts;
  const what = facts === undefined ? 'is not there' : facts.dead ? 'has ended' : 'belongs to an agent already';
  throw new UserError({
    code: 'NO_SUCH_PANE',
    exit: facts === undefined ? exit.notFound : exit.refused,
    message: `The pane ${pane} ${what}.`,
    hint: "tmux list-panes -a -F '#{pane_id} #{pane_current_command} #{pane_current_path}'",
  });
}
