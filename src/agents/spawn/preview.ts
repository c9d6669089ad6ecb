import { planWorktree } from '../../workspace/worktree.ts';
import { allAgents } from '../records.ts';
import type { Session } from '../session.ts';
import { hinted } from './again.ts';
import { checkJobs, checkTicket, heldTickets, planJobs } from './jobs.ts';
import { startingPoint } from './pull.ts';
import type { SpawnRequest } from './request.ts';

/** What a spawn would make. Nothing is made and nothing reserved: names and branches may differ when it is meant. */
export interface SpawnPreview {
  readonly dryRun: true;
  readonly plans: readonly {
    readonly name: string;
    readonly ticket: string | null;
    readonly cli: string;
    readonly branch: string;
    readonly newBranch: boolean;
    readonly base: string | null;
    readonly worktree: string;
  }[];
}

export async function previewSpawn(session: Session, request: SpawnRequest): Promise<SpawnPreview> {
  const jobs = planJobs(request);
  await checkJobs(session, request, jobs);
  const held = await heldTickets(session);
  const others = await allAgents(session.db);
  const kept = await session.db.selectFrom('meta').select('value').where('key', '=', 'next-number').executeTakeFirst();
  const branches = others.flatMap(({ branch }) => branch ?? []);
  const paths = others.flatMap(({ worktree }) => worktree ?? []);
  const plans: SpawnPreview['plans'][number][] = [];
  for (const [index, job] of jobs.entries()) {
    await checkTicket(session, request, job, held);
    const name = request.name ?? `worker-${Number(kept?.value ?? 1) + index}`;
    const plan = await planWorktree({
      repo: session.repo,
      config: session.config.worktrees,
      agentName: name,
      ticket: job.ticket,
      ...startingPoint(request),
      taken: { branches, paths },
      another: request.another || job.shared,
    }).catch((error: unknown) => {
      throw hinted(error, request, name);
    });
    branches.push(plan.branch);
    paths.push(plan.path);
    plans.push({
      name,
      ticket: job.ticket,
      cli: job.cli,
      branch: plan.branch,
      newBranch: plan.createsBranch,
      base: plan.base?.name ?? null,
      worktree: plan.path,
    });
  }
  return { dryRun: true, plans };
}
