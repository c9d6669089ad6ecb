import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { listTasks } from '../../board/tasks/read.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { EXPORTS, exportOf, writeTaskFile } from '../../cli/task-file.ts';

export default class TaskExport extends SwarmCommand {
  static override summary = 'Write the tasks to a file, or print them.';
  static override args = { file: Args.string({ description: 'A file to write; without one they are printed.' }) };
  static override flags = {
    format: Flags.option({
      options: EXPORTS,
      default: 'json',
      description: 'json: all that swarm knows. seed: tasks.json with claimed_by. lines: a task a line.',
    })(),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> task export tasks.json',
    '<%= config.bin %> task export --format seed',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskExport);
    const tasks = await withBoard(flags, (board) => listTasks(board));
    const text = exportOf(tasks, flags.format);
    const file = args.file === undefined ? null : resolve(flags.cd, args.file);
    if (file !== null) writeTaskFile(file, text);
    this.answer({ file, tasks }, () => (file === null ? text : `${tasks.length} tasks written to ${file}`));
  }
}
