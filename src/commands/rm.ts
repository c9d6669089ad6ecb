import { Flags } from '@oclif/core';
import { removeAgents } from '../agents/life/remove-many.ts';
import { withSession } from '../agents/session.ts';
import { pickRemovals } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderRemovals, toRemovalDocument } from '../cli/removals.ts';
import { spawnDoor } from '../cli/spawn.ts';
import { exitOfErrors } from '../cli/targets.ts';

export default class Rm extends SwarmCommand {
  static override summary = 'End agents and remove window, worktree, ports, and the branch when its work is merged.';
  static override description =
    'What would be lost is named and refused. Removed worktrees can be restored for 7 days.';
  static override strict = false;
  static override usage = 'rm AGENT.. [--force] [--delete-branch] [--merged]';
  static override flags = {
    force: Flags.boolean({ description: 'Although the worktree has changes and files that no commit has.' }),
    'delete-branch': Flags.boolean({ description: 'Although the branch has commits that are nowhere else.' }),
    merged: Flags.boolean({
      description: 'Every agent whose work is merged: here, rebased or squashed, or as a pull request.',
    }),
    'keep-worktree': Flags.boolean({ description: 'Leave worktree and branch where they are.' }),
    'no-hooks': Flags.boolean({ description: 'Run no hooks.' }),
    'dry-run': Flags.boolean({ description: 'Say what would be removed.' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's hooks for this run." }),
  };
  static override examples = [
    '<%= config.bin %> rm worker-2',
    '<%= config.bin %> rm --merged',
    '<%= config.bin %> rm worker-2 --force --delete-branch',
  ];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Rm);
    const result = await withSession(flags.cd, async (session) => {
      const {
        rows,
        errors,
        mergedTips = new Map(),
      } = await pickRemovals(session, argv.map(String), {
        merged: flags.merged,
        dryRun: flags['dry-run'],
      });
      const options = {
        force: flags.force,
        deleteBranch: flags['delete-branch'],
        keepWorktree: flags['keep-worktree'],
        dryRun: flags['dry-run'],
        mergedTips,
      };
      const removals = await removeAgents(session, rows, options, {
        yes: flags.yes,
        hooks: !flags['no-hooks'],
        ...spawnDoor(this.wantsJson, this.working('removing')),
      });
      return { ...removals, errors: [...errors, ...removals.errors] };
    });
    this.answer(toRemovalDocument(result), () => renderRemovals(result));
    this.exitWith(exitOfErrors(result.errors, 'rm'));
  }
}
