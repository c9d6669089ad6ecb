import { Args, Flags } from '@oclif/core';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderComparison } from '../cli/compare.ts';
import { spawnDoor } from '../cli/spawn.ts';
import { compareAgents } from '../merge/compare.ts';

export default class Compare extends SwarmCommand {
  static override summary = 'Show what several agents made of one ticket, side by side.';
  static override description =
    'Size of the work, whether it merges, what the gate last said of it, tokens and time. Nothing changes.';
  static override strict = false;
  static override args = { ticket: Args.string({ required: true, description: 'A ticket, or agents by name.' }) };
  static override usage = 'compare TICKET|AGENT.. [--gate] [--into BRANCH]';
  static override flags = {
    gate: Flags.boolean({ description: "Run merge.gate on each one's merged tree." }),
    into: Flags.string({ description: 'The branch that the work is to go to, as for merge.', helpValue: 'BRANCH' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's gate for this run." }),
  };
  static override examples = ['<%= config.bin %> compare ticket-42', '<%= config.bin %> compare ticket-42 --gate'];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(Compare);
    const { gate, into = null, yes } = flags;
    const door = { yes, ...spawnDoor(this.wantsJson, this.working('comparing')) };
    const agents = await withSession(flags.cd, (session) =>
      compareAgents(session, argv.map(String), { into, gate }, door),
    );
    this.answer({ agents }, () => renderComparison(agents));
  }
}
