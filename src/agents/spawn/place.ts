import { readOperation } from '../../store/journal.ts';
import { withLease } from '../../store/leases.ts';
import type { AgentRow } from '../../store/schema.ts';
import { planWorktree, type WorktreePlan } from '../../workspace/worktree.ts';
import { keepPrompt } from '../first-prompt.ts';
import { allAgents, optionsOf, updateAgent } from '../records.ts';
import { takesTasks } from '../takes-tasks.ts';
import { hinted } from './again.ts';
import { makeGround, takePorts } from './ground.ts';
import { checkTicket } from './jobs.ts';
import { startingPoint } from './pull.ts';
import { PLAN_LEASE, reserveAgent } from './reserve.ts';
import type { SpawnContext } from './spawn-one.ts';
import { claimFor } from './task.ts';
import { undoSpawn } from './undo.ts';

/** The agent on the books, with ports and worktree; all of it is taken back when one of them fails. */
export async function makePlace(
  context: SpawnContext,
  id: string,
  prompt: string | null,
  patch: string | null,
): Promise<AgentRow> {
  const { session, request, operation, door } = context;
  try {
    const reserved = await operation.step('reserve', () => reserve(context, id, prompt));
    const { task } = request;
    if (task !== null) await operation.step('claim', () => claimFor(session, reserved.row, task));
    const row = await operation.step('ports', () => takePorts(session, reserved.row, request.ports));
    await operation.step('worktree', () => makeGround(context, row, reserved.plan, patch));
    door.tell(`${row.name}: worktree ${row.worktree} on ${row.branch}`);
    if (takesTasks(row)) door.tell(`${row.name}: takes work from the board${task === null ? '' : ` after ${task}`}`);
    return row;
  } catch (error) {
    const { agent } = await undoSpawn(session, await readOperation(session.db, operation.id));
    await operation.finish(agent === null ? 'undone' : 'failed');
    throw error;
  }
}

/** Name, branch and folder, chosen under a lease: planners of other processes see each other's rows. */
function reserve(
  context: SpawnContext,
  id: string,
  prompt: string | null,
): Promise<{ row: AgentRow; plan: WorktreePlan }> {
  const { session, request, job, operation } = context;
  return withLease(session.db, 'plan', PLAN_LEASE, async () => {
    await checkTicket(session, request, job, context.held);
    const row = await reserveAgent(session, request, job, id);
    const others = await allAgents(session.db);
    const plan = await planWorktree({
      repo: session.repo,
      config: session.config.worktrees,
      agentName: row.name,
      ticket: row.ticket,
      ...startingPoint(request),
      // A pull request has a base of its own.
      ...(request.pull === null ? { resolved: context.base } : {}),
      taken: {
        branches: others.flatMap(({ branch }) => branch ?? []),
        paths: others.flatMap(({ worktree }) => worktree ?? []),
      },
      another: request.another || job.shared,
    }).catch((error: unknown) => {
      throw hinted(error, request, row.name);
    });
    await operation.note({ plan });
    const placed = await updateAgent(session.db, id, {
      branch: plan.branch,
      branch_created: plan.createsBranch ? 1 : 0,
      base: plan.base?.name ?? null,
      base_oid: plan.base?.oid ?? null,
      worktree: plan.path,
      worktree_created: 1,
    });
    // The agent may come to stay, whatever happens to this process: then its prompt is there with it.
    const kept = await keepPrompt(session, placed, prompt);
    await operation.note({ prompt: optionsOf(kept).promptFile });
    return { row: kept, plan };
  });
}
