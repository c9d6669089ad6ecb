import { Flags } from '@oclif/core';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { narrate } from '../cli/output.ts';
import { requireTerminal } from '../tui/require-terminal.ts';

export default class Tui extends SwarmCommand {
  static override summary = 'Show the team live: every screen, who needs you, and a key for whatever comes next.';
  static override description = 'Leaving it leaves the agents at work. Press ? in it for all keys.';
  static override flags = {
    popup: Flags.boolean({ description: 'Made for tmux display-popup: going to an agent closes it.' }),
  };
  static override examples = [
    '<%= config.bin %> tui',
    'tmux display-popup -E -w 90% -h 90% <%= config.bin %> tui --popup',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Tui);
    requireTerminal(this.wantsJson);
    // What draws is loaded while git says where we are.
    const loading = import('../tui/run/run.tsx');
    loading.catch(() => {});
    this.exitWith(
      await withSession(flags.cd, async (session) =>
        (await loading).runTui(session, { popup: flags.popup, tell: narrate }),
      ),
    );
  }
}
