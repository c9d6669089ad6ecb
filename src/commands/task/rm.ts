import { removeTask } from '../../board/tasks/edit.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { taskArg } from '../../cli/task-flags.ts';

export default class TaskRm extends SwarmCommand {
  static override summary = 'Take a task off the board, if nobody works on it and none waits for it.';
  static override args = { task: taskArg };
  static override flags = { as: asFlag };
  static override examples = ['<%= config.bin %> task rm task-001'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskRm);
    const task = await withBoard(flags, (board, me) => removeTask(board, me, args.task));
    this.answer({ task }, () => `${task.id} is off the board.`);
  }
}
