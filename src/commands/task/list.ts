import { Flags } from '@oclif/core';
import { listTasks } from '../../board/tasks/read.ts';
import { TASK_STATUSES } from '../../board/tasks/types.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { renderTasks } from '../../cli/tasks.ts';

export default class TaskList extends SwarmCommand {
  static override summary = 'List the tasks in the order in which they would be claimed.';
  static override flags = {
    status: Flags.option({
      options: TASK_STATUSES,
      multiple: true,
      multipleNonGreedy: true,
      description: 'Only these.',
    })(),
    mine: Flags.boolean({ description: 'Only those that you hold or held last.' }),
    as: asFlag,
  };
  static override examples = ['<%= config.bin %> task list', '<%= config.bin %> task list --status available --json'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(TaskList);
    const { status, mine } = flags;
    const tasks = await withBoard(flags, (board, me) =>
      listTasks(board, { ...(status && { status }), ...(mine && { lastBy: me.id }) }),
    );
    this.answer({ tasks }, () => renderTasks(tasks));
  }
}
