import { Args, Flags } from '@oclif/core';
import { readPlan, setPlan } from '../../board/plan.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { renderPlan } from '../../cli/plan.ts';
import { readTextFile } from '../../cli/text-input.ts';

export default class TaskGoal extends SwarmCommand {
  static override summary = 'Set what the team is to achieve, or show it.';
  static override description =
    'Agents are told the goal when they start; the plan is for whoever wants to know more. Tasks stay as they are.';
  static override args = { goal: Args.string({ description: 'In a few sentences; without it the goal stays.' }) };
  static override flags = {
    plan: Flags.string({ description: 'How to get there: Markdown, - is standard input.', helpValue: 'FILE' }),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> task goal "A REST API for the shop" --plan plan.md',
    '<%= config.bin %> task goal',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskGoal);
    const text =
      flags.plan === undefined ? undefined : readTextFile(flags.plan, flags.cd, 'swarm task goal --plan plan.md');
    const shows = args.goal === undefined && text === undefined;
    const plan = await withBoard(flags, (board, me) =>
      shows ? readPlan(board) : setPlan(board, me, { goal: args.goal, plan: text }),
    );
    this.answer({ plan }, () => renderPlan(plan));
  }
}
