import { taskHistory } from '../../board/tasks/history.ts';
import { readTask } from '../../board/tasks/read.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { taskArg } from '../../cli/task-flags.ts';
import { renderTask } from '../../cli/tasks.ts';

export default class TaskShow extends SwarmCommand {
  static override summary = 'Show a task in full, with what happened to it.';
  static override args = { task: taskArg };
  static override flags = { as: asFlag };
  static override examples = ['<%= config.bin %> task show task-001'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskShow);
    const { task, history } = await withBoard(flags, async (board) => ({
      task: await readTask(board, args.task),
      history: await taskHistory(board, args.task),
    }));
    this.answer({ task, history }, () => renderTask(task, history));
  }
}
