import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { listTasks } from '../../board/tasks/read.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { EXPORTS, exportOf, writeTaskFile } from '../../cli/task-file.ts';

export default class TaskExport extends SwarmCommand {
  static override summary = 'Write the tasks to a file, print them, or keep the whole board as files.';
  static override description =
    'With --live the board is kept as files in a folder of the repository (.coordination) that git ignores, until Ctrl-C: ' +
    'plan, tasks, discoveries, results, messages, state and logs. What is written into them is taken; what can’t be, is ' +
    'put back, with the reason in a .rejected.json beside it.';
  static override args = {
    file: Args.string({ description: 'A file to write, without one they are printed; with --live the folder.' }),
  };
  static override flags = {
    format: Flags.option({
      options: EXPORTS,
      default: 'json',
      description: 'json: all that swarm knows. seed: tasks.json with claimed_by. lines: a task a line.',
    })(),
    live: Flags.boolean({ description: 'Keep the board as files, and take what is written there.' }),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> task export tasks.json',
    '<%= config.bin %> task export --format seed',
    '<%= config.bin %> task export --live',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskExport);
    if (flags.live) {
      const { keepLive } = await import('../../cli/task-live.ts');
      const options = { folder: args.file, json: this.wantsJson, signal: this.interrupt };
      return this.exitWith(await withBoard(flags, (board, me, session) => keepLive(board, me, session, options)));
    }
    const tasks = await withBoard(flags, (board) => listTasks(board));
    const text = exportOf(tasks, flags.format);
    const file = args.file === undefined ? null : resolve(flags.cd, args.file);
    if (file !== null) writeTaskFile(file, text);
    this.answer({ file, tasks }, () => (file === null ? text : `${tasks.length} tasks written to ${file}`));
  }
}
