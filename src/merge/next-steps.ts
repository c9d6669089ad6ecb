import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { listTasks } from '../board/tasks/read.ts';
import { branchHolder } from '../git/branches.ts';
import { shellWord } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import { losesInReplay } from './build.ts';
import type { MergeResult } from './types.ts';

/** What is left to do after a merge that brought nothing. */
export interface NextSteps {
  /** The agent's tasks that are still open although there is nothing to merge. */
  readonly tasks: readonly string[];
  /** To type, the first one first. */
  readonly commands: readonly string[];
}

/** What to do next; nothing after a merge that went well. */
export async function nextSteps(
  session: Session,
  row: AgentRow,
  result: MergeResult,
  asked: { readonly into: string | null; readonly rework: boolean },
): Promise<NextSteps> {
  const { agent, into, state, log } = result;
  const there = asked.into === null ? '' : ` --into ${shellWord(asked.into)}`;
  const rework = asked.rework ? [] : [`swarm merge ${agent}${there} --rework`];
  const steps = (...commands: readonly string[]): NextSteps => ({ tasks: [], commands });
  switch (state) {
    case 'merged':
      return steps();
    case 'nothing': {
      const open = await listTasks(boardOf(session), { status: ['claimed'], claimedBy: row.id });
      const tasks = open.map(({ id }) => id);
      return {
        tasks,
        commands: [...tasks.map((id) => `swarm task complete ${id} "what was done"`), `swarm rm ${agent}`],
      };
    }
    case 'conflict':
      return steps(`swarm diff ${agent}`, ...rework);
    case 'gate_failed':
      return steps(...(log === null ? [] : [`less ${shellWord(log)}`]), ...rework);
    case 'refused': {
      if (losesInReplay(result)) return steps(`swarm merge ${agent}${there} --strategy merge`, ...rework);
      const holder = await branchHolder(session.repo, into);
      return steps(...(holder === null ? [] : [`git -C ${shellWord(holder)} status`]));
    }
  }
}
