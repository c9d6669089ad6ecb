import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { importTasks } from '../../board/tasks/import.ts';
import { asFlag } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { readTaskFile, renderImported } from '../../cli/task-file.ts';
import { withTasks } from '../../cli/watched.ts';

export default class TaskImport extends SwarmCommand {
  static override summary = 'Put the tasks of a file on the board, with their ids.';
  static override description =
    'It takes {"tasks": […]}, a list, or a task a line, in the names of --json or with claimed_by. All are taken, or none. ' +
    'Tasks that are there already stay as far as they are, so the same file twice changes nothing.';
  static override args = { file: Args.string({ required: true, description: 'A file; - is standard input.' }) };
  static override flags = { as: asFlag };
  static override examples = [
    '<%= config.bin %> task import tasks.json',
    '<%= config.bin %> -C ../other task list --json | <%= config.bin %> task import -',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskImport);
    const { parseTasks } = await import('../../board/tasks/file.ts');
    const entries = parseTasks(readTaskFile(args.file === '-' ? '-' : resolve(flags.cd, args.file)));
    const imported = await withTasks(flags, (board, me) => importTasks(board, me, entries));
    this.answer({ ...imported }, () => renderImported(imported));
  }
}
