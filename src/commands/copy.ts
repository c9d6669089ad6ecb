import { Flags } from '@oclif/core';
import { copyAgain } from '../agents/copy.ts';
import { withSession } from '../agents/session.ts';
import { allFlag, pickAgents } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderCopies } from '../cli/copies.ts';

export default class Copy extends SwarmCommand {
  static override summary = 'Copy the configured files again into worktrees that exist.';
  static override strict = false;
  static override usage = 'copy AGENT.. [--all] [--dry-run]';
  static override flags = { all: allFlag, 'dry-run': Flags.boolean({ description: 'Say what would be copied.' }) };
  static override examples = ['<%= config.bin %> copy worker-1', '<%= config.bin %> copy --all --dry-run'];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Copy);
    const copies = await withSession(flags.cd, async (session) => {
      const rows = await pickAgents(session, argv.map(String), { all: flags.all, prefix: true, several: true });
      return copyAgain(session, rows, flags['dry-run']);
    });
    this.answer({ dryRun: flags['dry-run'], copies }, () => renderCopies(copies, flags['dry-run']));
  }
}
