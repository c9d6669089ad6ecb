import { exit, UserError } from '../lib/errors.ts';
import { ring } from './bell.ts';
import { type Board, transact } from './context.ts';
import { recordEvent } from './events.ts';
import type { Participant } from './participants.ts';

/** What the team is for, and how it means to get there. */
export interface Plan {
  readonly goal: string;
  /** The approach, in Markdown; empty while nobody has written one. */
  readonly plan: string;
  /** Name of who wrote it last. */
  readonly by: string;
  readonly at: string;
  /** Grows with every change. */
  readonly version: number;
}

/** Characters of a goal and of a plan. */
const MOST_GOAL = 20_000;
const MOST_PLAN = 200_000;

const KEY = 'plan';

/** The team's plan; null while there is none. */
export async function readPlan({ db }: Board): Promise<Plan | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.value) as Plan);
}

/**
 * Sets goal and plan; whichever is left out stays as it is. Only a leader may.
 * @throws UserError exit 2 for an empty or overlong text and while there is no goal, 4 for anybody else.
 */
export async function setPlan(
  board: Board,
  by: Participant,
  wish: { readonly goal?: string | undefined; readonly plan?: string | undefined },
): Promise<Plan> {
  if (!by.leads) {
    throw new UserError({
      code: 'NOT_A_LEADER',
      exit: exit.refused,
      message: `${by.name} is no leader, and only a leader sets the goal and the plan.`,
      hint: 'swarm ask --to leader "May the plan be changed?"',
      details: { participant: by.name },
    });
  }
  requireText('plan', wish.plan ?? '', MOST_PLAN);
  const set = await transact(board, async (within) => {
    const before = await readPlan(within);
    const goal = wish.goal ?? before?.goal ?? '';
    requireText('goal', goal.trim() === '' ? null : goal, MOST_GOAL);
    const plan: Plan = {
      goal,
      plan: wish.plan ?? before?.plan ?? '',
      by: by.name,
      at: new Date().toISOString(),
      version: (before?.version ?? 0) + 1,
    };
    const value = JSON.stringify(plan);
    await within.db
      .insertInto('meta')
      .values({ key: KEY, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
    await recordEvent(within.db, by.name, 'plan-set', { goal: plan.goal, version: plan.version });
    return plan;
  });
  ring(board);
  return set;
}

/** @throws UserError exit 2 */
function requireText(what: 'goal' | 'plan', text: string | null, most: number): void {
  if (text !== null && text.length <= most) return;
  throw new UserError({
    code: 'BAD_PLAN',
    exit: exit.usage,
    message:
      text === null ? `A ${what} needs a few words.` : `The ${what} has ${text.length} characters; ${most} are kept.`,
    hint: text === null ? null : 'Put the rest into a file of the repository, and name that.',
  });
}
