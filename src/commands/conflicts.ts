import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderConflicts } from '../cli/conflicts.ts';
import { readConflicts } from '../merge/conflicts.ts';

export default class Conflicts extends SwarmCommand {
  static override summary = 'Show whose work collides with whose, or with the branch that it goes to, before merging.';
  static override description =
    'Uncommitted work counts. Nothing is checked out or locked: the merges are tried in memory.';
  static override examples = [
    '<%= config.bin %> conflicts',
    '<%= config.bin %> conflicts --json | jq ".conflicts[].files"',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Conflicts);
    this.working('trying the merges');
    const conflicts = await withSession(flags.cd, readConflicts);
    this.answer({ conflicts }, () => renderConflicts(conflicts));
  }
}
