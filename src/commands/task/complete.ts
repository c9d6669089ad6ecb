import { Args, Flags } from '@oclif/core';
import { completeTask } from '../../board/tasks/finish.ts';
import { asFlag } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { attemptFlag, taskArg } from '../../cli/task-flags.ts';
import { summaryOf } from '../../cli/task-summary.ts';
import { renderChanged } from '../../cli/tasks.ts';
import { withTasks } from '../../cli/watched.ts';

export default class TaskComplete extends SwarmCommand {
  static override summary = 'Report a task done, with what came of it.';
  static override args = {
    task: taskArg,
    summary: Args.string({ description: 'What was done, in a few sentences.' }),
  };
  static override flags = {
    summary: Flags.string({ description: 'The same, by name.', helpValue: 'TEXT' }),
    commit: Flags.string({ description: 'The commit that holds the work.', helpValue: 'SHA' }),
    attempt: attemptFlag,
    as: asFlag,
  };
  static override examples = ['<%= config.bin %> task complete task-001 "All routes answer; tests are green."'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskComplete);
    const { commit, attempt } = flags;
    const report = { summary: summaryOf(args.task, args.summary, flags.summary), commit, attempt };
    const task = await withTasks(flags, (board, me) => completeTask(board, me, args.task, report));
    this.answer({ task }, () => renderChanged(task));
  }
}
