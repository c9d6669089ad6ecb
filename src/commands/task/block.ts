import { Args } from '@oclif/core';
import { blockTask } from '../../board/tasks/release.ts';
import { asFlag } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { attemptFlag, taskArg } from '../../cli/task-flags.ts';
import { renderChanged } from '../../cli/tasks.ts';
import { withTasks } from '../../cli/watched.ts';

export default class TaskBlock extends SwarmCommand {
  static override summary = 'Hold a task back until it is released; whoever has it gives it up.';
  static override args = { task: taskArg, reason: Args.string({ required: true, description: 'Why.' }) };
  static override flags = { attempt: attemptFlag, as: asFlag };
  static override examples = ['<%= config.bin %> task block task-001 "Waits for the licence."'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskBlock);
    const task = await withTasks(flags, (board, me) => blockTask(board, me, args.task, args.reason, flags.attempt));
    this.answer({ task }, () => renderChanged(task));
  }
}
