import { Args } from '@oclif/core';
import { withSession } from '../../agents/session.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { requireLeader } from '../../cli/leader.ts';
import { dequeue } from '../../merge/queue/dequeue.ts';

export default class QueueRm extends SwarmCommand {
  static override summary = "Take an agent's waiting merge out of the queue.";
  static override args = { agent: Args.string({ required: true, description: 'Name, number, ticket or prefix.' }) };
  static override examples = ['<%= config.bin %> queue rm worker-2'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(QueueRm);
    const entry = await withSession(flags.cd, async (session) => {
      await requireLeader(session, "take others' merges out of the queue", args.agent);
      return dequeue(session, args.agent);
    });
    this.answer({ queue: [entry] }, () => `${entry.agent}'s merge into ${entry.into} waits no more.`);
  }
}
