import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderConflicts } from '../cli/conflicts.ts';
import { errorDocuments, exitOfErrors, tellErrors } from '../cli/targets.ts';
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
    const { conflicts, errors } = await withSession(flags.cd, readConflicts);
    this.answer({ conflicts, errors: errorDocuments(errors, 'conflicts') }, () => {
      tellErrors(errors, 'conflicts');
      return renderConflicts(conflicts, errors.length === 0);
    });
    this.exitWith(exitOfErrors(errors, 'conflicts'));
  }
}
