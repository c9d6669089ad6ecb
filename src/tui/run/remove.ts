import { agentLosses, refuseLosses } from '../../agents/life/losses.ts';
import { removeAgents } from '../../agents/life/remove-many.ts';
import type { AgentStatus } from '../../agents/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { AgentRow } from '../../store/schema.ts';
import { isBusy } from '../status.ts';
import { failureOf, inJob, told, wrong } from './job.ts';
import type { Stage } from './stage.ts';

/** Finds out what removing the agents would lose, and asks. */
export function askRemoval(stage: Stage, rows: readonly AgentRow[]): Promise<void> {
  const names = rows.map(({ name }) => name).join(', ');
  return inJob(stage, `looking at what ${names} would lose`, async () => {
    const lost = await Promise.all(rows.map((row) => lossLines(stage, row)));
    const losing = lost.some((lines) => lines.length > 0);
    const busy = rows.filter(({ status }) => isBusy(status as AgentStatus));
    const lines = [
      ...busy.map(({ name, status }) => `${name} is ${status}.`),
      ...(losing ? ['This would be lost:', ...lost.flat()] : ['Nothing would be lost.']),
      'For 7 days, u or swarm restore brings it back.',
    ];
    const yes = losing ? 'remove it all the same' : 'remove';
    // The answer is waited for beside this job, which has found out what it was to find out.
    void stage.ask(`Remove ${names}, worktree and window too?`, lines, yes).then(async (agreed) => {
      if (agreed) await remove(stage, rows, losing);
    });
    return { notice: null, undo: null };
  });
}

async function lossLines(stage: Stage, row: AgentRow): Promise<string[]> {
  const losses = await agentLosses(stage.session, row);
  try {
    refuseLosses(row, losses, { force: false, deleteBranch: false });
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => `${row.name}: ${line.trim()}`);
  }
}

/** What was agreed to is what the person saw: where nothing would have been lost, nothing is forced. */
function remove(stage: Stage, rows: readonly AgentRow[], losing: boolean): Promise<void> {
  const names = rows.map(({ name }) => name).join(', ');
  return inJob(stage, `removing ${names}`, async (door) => {
    const options = { force: losing, deleteBranch: losing, keepWorktree: false, dryRun: false };
    const { removed, errors } = await removeAgents(stage.session, rows, options, { yes: false, hooks: true, ...door });
    const gone = removed.map(({ agent }) => `${agent} is removed; u brings it back`);
    const failed = errors.map(({ error }) => failureOf(error));
    const [first] = failed;
    const last = removed.at(-1);
    const undo = last === undefined ? null : ({ what: 'remove', names: removed.map(({ agent }) => agent) } as const);
    if (first === undefined) return { notice: told(gone.join('\n')), undo };
    return { notice: wrong([...failed.map(({ message }) => message), ...gone].join('\n'), first.hint), undo };
  });
}
