import { Args } from '@oclif/core';
import { failTask } from '../../board/tasks/finish.ts';
import { asFlag } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { attemptFlag, taskArg } from '../../cli/task-flags.ts';
import { renderChanged } from '../../cli/tasks.ts';
import { withTasks } from '../../cli/watched.ts';

export default class TaskFail extends SwarmCommand {
  static override summary = "Report that a task can't be done as it is.";
  static override args = { task: taskArg, reason: Args.string({ required: true, description: 'Why.' }) };
  static override flags = { attempt: attemptFlag, as: asFlag };
  static override examples = ['<%= config.bin %> task fail task-001 "The API has no such endpoint."'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskFail);
    const task = await withTasks(flags, (board, me) => failTask(board, me, args.task, args.reason, flags.attempt));
    this.answer({ task }, () => renderChanged(task));
  }
}
