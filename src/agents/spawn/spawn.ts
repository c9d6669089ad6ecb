import { availableParallelism } from 'node:os';
import { resolveBase } from '../../git/branches.ts';
import { settleAll } from '../../lib/parallel.ts';
import type { AgentRow } from '../../store/schema.ts';
import { agentCli } from '../clis/index.ts';
import { requireProgram } from '../clis/program.ts';
import { agentsOf, standingOf } from '../list.ts';
import { observe } from '../observe.ts';
import { asError } from '../pick.ts';
import { allAgents } from '../records.ts';
import type { Session } from '../session.ts';
import { requireTmux } from '../tmux-session.ts';
import type { Agent, Delivery } from '../types.ts';
import { waitFor } from '../wait.ts';
import { approveSpawn } from './approve.ts';
import { checkJobs, heldTickets, planJobs } from './jobs.ts';
import type { SpawnDoor, SpawnFailure, SpawnJob, SpawnRequest, SpawnResult } from './request.ts';
import { requireRole } from './role.ts';
import { type SpawnedOne, spawnOne } from './spawn-one.ts';

/**
 * Makes every agent that was asked for, side by side; one failure doesn't stop the others.
 * Everything that can be refused for all of them (program missing, no consent) is refused before anything is made.
 */
export async function spawnAgents(session: Session, request: SpawnRequest, door: SpawnDoor): Promise<SpawnResult> {
  const jobs = planJobs(request);
  const base = resolveBase(session.repo, request.base ?? session.config.worktrees.base);
  // Who needs it hears of its failure; nobody else does.
  base.catch(() => {});
  await requireRole(session, request.role);
  await checkJobs(session, request, jobs);
  for (const name of new Set(jobs.map(({ cli }) => cli))) {
    requireProgram(agentCli(name, session.config), session.env, session.repo.root);
  }
  await requireTmux(session);
  // Where the ports are kept: an agent without it could neither be made nor be undone.
  await session.userDb();
  const approved = await approveSpawn(session, request, { yes: request.yes, ask: door.ask });

  const held = await heldTickets(session);
  // Worktrees are bound by the disk and the CPU: more than a few at a time only take turns.
  const lanes = Math.max(4, availableParallelism());
  const results = await settleAll(jobs, lanes, (job) =>
    spawnOne({ session, request, job, approved, door, held, base }),
  );
  return gather(session, jobs, results, request);
}

async function gather(
  session: Session,
  jobs: readonly SpawnJob[],
  results: readonly PromiseSettledResult<SpawnedOne>[],
  request: SpawnRequest,
): Promise<SpawnResult> {
  const rows: AgentRow[] = [];
  const deliveries: Delivery[] = [];
  const errors: SpawnFailure[] = [];
  for (const [index, result] of results.entries()) {
    const ticket = jobs[index]?.ticket ?? null;
    if (result.status === 'rejected') {
      errors.push({ ticket, error: asError(result.reason) });
      continue;
    }
    rows.push(result.value.row);
    if (result.value.delivery !== null) deliveries.push(result.value.delivery);
    if (result.value.error !== null) errors.push({ ticket, error: result.value.error });
  }
  // Whoever did not get its prompt has no turn to wait for.
  const atWork = rows.filter(({ name }) =>
    deliveries.some(({ agent, state }) => agent === name && state === 'delivered'),
  );
  if (request.wait === 'turn' && atWork.length > 0) {
    await waitFor(session, atWork, { for: ['idle', 'waiting'], any: false, timeout: null });
  }
  return { agents: await agentsNow(session, rows, request), deliveries, errors };
}

/**
 * The agents as they are now: a delivery may have changed their status since their rows were read. Only where there is
 * work already, from a turn or brought along, is it worth a look at their files.
 */
async function agentsNow(session: Session, rows: readonly AgentRow[], request: SpawnRequest): Promise<Agent[]> {
  // Whoever waits for nothing but the windows wants no look at what has just begun to draw.
  const seen = request.wait === 'window' ? await rowsNow(session, rows) : await seenNow(session, rows);
  const untouched = request.wait !== 'turn' && request.changesFrom === null;
  return untouched ? agentsOf(session, seen, standingOf) : agentsOf(session, seen);
}

const seenNow = async (session: Session, rows: readonly AgentRow[]) =>
  (await observe(session, rows)).map(({ row }) => row);

async function rowsNow(session: Session, rows: readonly AgentRow[]): Promise<AgentRow[]> {
  const there = await allAgents(session.db);
  return there.filter(({ id }) => rows.some((row) => row.id === id));
}
