import { Flags } from '@oclif/core';
import { changeTask } from '../../board/tasks/change-task.ts';
import { asFlag } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { taskArg, wishFlags, wishOf } from '../../cli/task-flags.ts';
import { renderTask } from '../../cli/tasks.ts';
import { withTasks } from '../../cli/watched.ts';

export default class TaskEdit extends SwarmCommand {
  static override summary = 'Change a task: what it says, its priority, what it waits for, who does it.';
  static override description = "A list takes the place of the one it had; '' empties it.";
  static override args = { task: taskArg };
  static override flags = {
    description: Flags.string({ description: 'What to do.', helpValue: 'TEXT' }),
    ...wishFlags,
    assign: Flags.string({ description: 'Give it to this participant, whoever has it.', helpValue: 'NAME' }),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> task edit task-003 --priority 1',
    '<%= config.bin %> task edit task-003 --assign worker-2',
    "<%= config.bin %> task edit task-003 --depends ''",
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskEdit);
    const edit = { ...wishOf(flags), description: flags.description };
    const change = { edit, assign: flags.assign };
    const task = await withTasks(flags, (board, me) => changeTask(board, me, args.task, change));
    this.answer({ task }, () => renderTask(task));
  }
}
