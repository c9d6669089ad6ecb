import { Flags } from '@oclif/core';
import { copyAgain } from '../agents/copy.ts';
import { pickAgents } from '../agents/pick.ts';
import { withSession } from '../agents/session.ts';
import { allFlag } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderCopies } from '../cli/copies.ts';
import { errorDocuments, exitOfErrors, tellErrors } from '../cli/targets.ts';

export default class Copy extends SwarmCommand {
  static override summary = 'Copy the configured files again into worktrees that exist.';
  static override strict = false;
  static override usage = 'copy AGENT.. [--all] [--dry-run]';
  static override flags = { all: allFlag, 'dry-run': Flags.boolean({ description: 'Say what would be copied.' }) };
  static override examples = ['<%= config.bin %> copy worker-1', '<%= config.bin %> copy --all --dry-run'];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Copy);
    const dryRun = flags['dry-run'];
    const { copies, errors } = await withSession(flags.cd, async (session) => {
      const picked = await pickAgents(session, argv.map(String), { all: flags.all, prefix: true, several: false });
      return copyAgain(session, picked, dryRun);
    });
    this.answer({ dryRun, copies, errors: errorDocuments(errors, 'copy') }, () => {
      tellErrors(errors, 'copy');
      return renderCopies(copies, dryRun);
    });
    this.exitWith(exitOfErrors(errors, 'copy'));
  }
}
