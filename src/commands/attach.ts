import { Args, Flags } from '@oclif/core';
import { attachTo, nextNeedsYou } from '../agents/attach.ts';
import { resolveAgent } from '../agents/resolve.ts';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { inForeground } from '../cli/foreground.ts';

export default class Attach extends SwarmCommand {
  static override summary = "Go to an agent's window.";
  static override args = { agent: Args.string({ description: 'Name, number or ticket; - is the last one.' }) };
  static override flags = {
    'read-only': Flags.boolean({ description: 'Look without being able to type.' }),
    next: Flags.boolean({ description: 'The agent that needs you most.', exclusive: [] }),
  };
  static override examples = ['<%= config.bin %> attach worker-2', '<%= config.bin %> attach --next'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Attach);
    const { agent, how } = await withSession(flags.cd, async (session) => {
      const row = flags.next
        ? await nextNeedsYou(session)
        : await resolveAgent(session.db, args.agent ?? '-', { prefix: true });
      return { agent: row.name, how: await attachTo(session, row, flags['read-only']) };
    });
    if (how.switched) this.answer({ agent, switched: true }, () => `now at ${agent}`);
    else this.exitWith(await inForeground(how.argv, this.wantsJson));
  }
}
