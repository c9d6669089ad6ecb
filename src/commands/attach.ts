import { Args, Flags } from '@oclif/core';
import { nextNeedsYou } from '../agents/attach.ts';
import { resolveAgent } from '../agents/resolve.ts';
import { withSession } from '../agents/session.ts';
import { setTakenOver } from '../agents/take-over.ts';
import { withAgent } from '../cli/agents.ts';
import { attachHere } from '../cli/attach.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { inForeground } from '../cli/foreground.ts';
import { exit, UserError } from '../lib/errors.ts';

export default class Attach extends SwarmCommand {
  static override summary = "Go to an agent's window.";
  static override description =
    'An agent that you take over is yours until you hand it back: the supervisor types nothing to it, gives it no task, and answers nothing for it.';
  static override args = { agent: Args.string({ description: 'Name, number or ticket; - is the last one.' }) };
  static override flags = {
    'read-only': Flags.boolean({ description: 'Look without being able to type.' }),
    next: Flags.boolean({ description: 'The agent that needs you most.' }),
    take: Flags.boolean({ description: 'Take it over.', exclusive: ['hand-back'] }),
    'hand-back': Flags.boolean({ description: 'Hand it back, and stay here.', exclusive: ['next', 'read-only'] }),
  };
  static override examples = ['<%= config.bin %> attach worker-2', '<%= config.bin %> attach --next'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Attach);
    if (flags.next && args.agent !== undefined) throw twoPlaces(args.agent);
    if (flags['hand-back']) return this.#handBack(flags.cd, args.agent ?? '-');
    const { agent, how } = await withSession(flags.cd, async (session) => {
      const row = flags.next
        ? await nextNeedsYou(session)
        : await resolveAgent(session.db, args.agent ?? '-', { prefix: true });
      if (flags.take) await setTakenOver(session.db, row.id, true);
      return {
        agent: row.name,
        how: await attachHere(session, row, { readOnly: flags['read-only'], json: this.wantsJson }),
      };
    });
    if (how.switched) this.answer({ agent, switched: true }, () => `now at ${agent}`);
    else this.exitWith((await inForeground(how.argv, this.wantsJson)) === 0 ? exit.done : exit.failed);
  }

  async #handBack(cd: string, word: string): Promise<void> {
    const { agent, handedBack } = await withAgent(cd, word, async ({ db }, { id, name }) => ({
      agent: name,
      handedBack: await setTakenOver(db, id, false),
    }));
    if (!handedBack) throw notTaken(agent);
    this.answer({ agent, handedBack }, () => `${agent} is handed back`);
  }
}

function notTaken(agent: string): UserError {
  return new UserError({
    code: 'NOT_TAKEN_OVER',
    exit: exit.refused,
    message: `Nobody has taken ${agent} over: there is nothing to hand back.`,
    hint: `swarm attach ${agent} --take`,
    details: { agent },
  });
}

function twoPlaces(agent: string): UserError {
  return new UserError({
    code: 'TWO_PLACES',
    exit: exit.usage,
    message: `--next goes to the agent that needs you most, and ${agent} is named too.`,
    hint: 'swarm attach --next',
  });
}
