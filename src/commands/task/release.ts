import { Args } from '@oclif/core';
import { releaseTask } from '../../board/tasks/release.ts';
import { asFlag } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { attemptFlag, taskArg } from '../../cli/task-flags.ts';
import { renderChanged } from '../../cli/tasks.ts';
import { withTasks } from '../../cli/watched.ts';

export default class TaskRelease extends SwarmCommand {
  static override summary = 'Put a task back into the queue: one that you hold, or as a leader any that stopped.';
  static override args = { task: taskArg, reason: Args.string({ description: 'Why.' }) };
  static override flags = { attempt: attemptFlag, as: asFlag };
  static override examples = ['<%= config.bin %> task release task-001 "I have to go."'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskRelease);
    const task = await withTasks(flags, (board, me) =>
      releaseTask(board, me, args.task, args.reason ?? null, flags.attempt),
    );
    this.answer({ task }, () => renderChanged(task));
  }
}
