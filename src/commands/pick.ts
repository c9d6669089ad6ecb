import { Flags } from '@oclif/core';
import { agentArg, withSettledAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { requireLeader } from '../cli/leader.ts';
import { renderPick } from '../cli/pick.ts';
import { toRemovalDocument } from '../cli/removals.ts';
import { spawnDoor } from '../cli/spawn.ts';
import { exitOfErrors } from '../cli/targets.ts';
import { pickAgent } from '../merge/pick.ts';

export default class PickCommand extends SwarmCommand {
  static override summary = 'Keep one of several agents on a ticket, and remove the others as by rm.';
  static override description =
    'What would be lost is named and refused. Removed agents can be restored for 7 days. Nothing is merged by it.';
  static override args = { agent: agentArg };
  static override flags = {
    force: Flags.boolean({ description: 'Although the others have changes and files that no commit has.' }),
    'delete-branch': Flags.boolean({ description: 'Although their branches have commits that are nowhere else.' }),
    'no-hooks': Flags.boolean({ description: 'Run no hooks.' }),
    'dry-run': Flags.boolean({ description: 'Say what would be removed.' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's hooks for this run." }),
  };
  static override examples = [
    '<%= config.bin %> pick worker-2',
    '<%= config.bin %> pick worker-2 --force --delete-branch',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(PickCommand);
    const { force, yes } = flags;
    const options = { force, deleteBranch: flags['delete-branch'], keepWorktree: false, dryRun: flags['dry-run'] };
    const door = { yes, hooks: !flags['no-hooks'], ...spawnDoor(this.wantsJson, this.working('removing')) };
    const pick = await withSettledAgent(flags.cd, args.agent, { prefix: false }, async (session, row) => {
      await requireLeader(session, 'pick one of several');
      return pickAgent(session, row, options, door);
    });
    const { picked, ticket } = pick;
    this.answer({ picked, ticket, ...toRemovalDocument(pick) }, () => renderPick(pick));
    this.exitWith(exitOfErrors(pick.errors, 'rm'));
  }
}
