import { Args } from '@oclif/core';
import { addTask } from '../../board/tasks/add.ts';
import { asFlag } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { wishFlags, wishOf } from '../../cli/task-flags.ts';
import { renderChanged } from '../../cli/tasks.ts';
import { withTasks } from '../../cli/watched.ts';

export default class TaskAdd extends SwarmCommand {
  static override summary = 'Put a task on the board.';
  static override args = { description: Args.string({ required: true, description: 'What to do.' }) };
  static override flags = { ...wishFlags, as: asFlag };
  static override examples = [
    '<%= config.bin %> task add "Build the REST API" --priority 1',
    '<%= config.bin %> task add "Test it" --depends task-001 --file src/api.ts --scope "test/**"',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskAdd);
    const wish = { ...wishOf(flags), description: args.description };
    const task = await withTasks(flags, (board, me) => addTask(board, me, wish));
    this.answer({ task }, () => renderChanged(task));
  }
}
