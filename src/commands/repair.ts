import { Flags } from '@oclif/core';
import { repair } from '../agents/repair/repair.ts';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { exitOfRepair, renderRepair } from '../cli/repair.ts';

export default class Repair extends SwarmCommand {
  static override summary = 'Finish or undo what a crash interrupted, and find what belongs to nobody.';
  static override flags = { 'dry-run': Flags.boolean({ description: 'Only say what there is; nothing is changed.' }) };
  static override examples = ['<%= config.bin %> repair --dry-run', '<%= config.bin %> repair'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Repair);
    const items = await withSession(flags.cd, (session) => repair(session, flags['dry-run']));
    this.answer({ items }, () => renderRepair(items));
    this.exitWith(exitOfRepair(items));
  }
}
