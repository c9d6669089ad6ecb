import { Args, Flags } from '@oclif/core';
import { claimTask } from '../../board/tasks/claim.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { exitOfClaim, renderClaim } from '../../cli/tasks.ts';

export default class TaskClaim extends SwarmCommand {
  static override summary = 'Claim a task: this one, or the first that you can do.';
  static override description =
    'Of any number of callers exactly one gets a task. Where there is none to claim, that is the answer, with the reason.';
  static override args = { task: Args.string({ description: 'Its id: task-007, or 7.' }) };
  static override flags = {
    can: Flags.string({
      description: 'What you are capable of.',
      helpValue: 'WORD',
      multiple: true,
      multipleNonGreedy: true,
    }),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> task claim',
    '<%= config.bin %> task claim task-002 --as terminal-2',
    '<%= config.bin %> task claim --json | jq -r .task.description',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskClaim);
    const options = { id: args.task, capabilities: flags.can };
    const claim = await withBoard(flags, (board, me) => claimTask(board, me, options));
    this.answer({ ...claim }, () => renderClaim(claim));
    this.exitWith(exitOfClaim(claim, args.task));
  }
}
