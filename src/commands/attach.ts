import { Args, Flags } from '@oclif/core';
import { nextNeedsYou } from '../agents/attach.ts';
import { resolveAgent } from '../agents/resolve.ts';
import { withSession } from '../agents/session.ts';
import { attachHere } from '../cli/attach.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { inForeground } from '../cli/foreground.ts';
import { exit, UserError } from '../lib/errors.ts';

export default class Attach extends SwarmCommand {
  static override summary = "Go to an agent's window.";
  static override args = { agent: Args.string({ description: 'Name, number or ticket; - is the last one.' }) };
  static override flags = {
    'read-only': Flags.boolean({ description: 'Look without being able to type.' }),
    next: Flags.boolean({ description: 'The agent that needs you most.' }),
  };
  static override examples = ['<%= config.bin %> attach worker-2', '<%= config.bin %> attach --next'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Attach);
    if (flags.next && args.agent !== undefined) throw twoPlaces(args.agent);
    const { agent, how } = await withSession(flags.cd, async (session) => {
      const row = flags.next
        ? await nextNeedsYou(session)
        : await resolveAgent(session.db, args.agent ?? '-', { prefix: true });
      return {
        agent: row.name,
        how: await attachHere(session, row, { readOnly: flags['read-only'], json: this.wantsJson }),
      };
    });
    if (how.switched) this.answer({ agent, switched: true }, () => `now at ${agent}`);
    else this.exitWith((await inForeground(how.argv, this.wantsJson)) === 0 ? exit.done : exit.failed);
  }
}

function twoPlaces(agent: string): UserError {
  return new UserError({
    code: 'TWO_PLACES',
    exit: exit.usage,
    message: `--next goes to the agent that needs you most, and ${agent} is named too.`,
    hint: 'swarm attach --next',
  });
}
