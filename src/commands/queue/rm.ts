import { Args } from '@oclif/core';
import { resolveAgent } from '../../agents/resolve.ts';
import { withSession } from '../../agents/session.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { dequeue } from '../../merge/queue/entries.ts';

export default class QueueRm extends SwarmCommand {
  static override summary = "Take an agent's waiting merge out of the queue.";
  static override args = { agent: Args.string({ required: true, description: 'Name, number, ticket or prefix.' }) };
  static override examples = ['<%= config.bin %> queue rm worker-2'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(QueueRm);
    const entry = await withSession(flags.cd, async (session) =>
      dequeue(session, await resolveAgent(session.db, args.agent, { prefix: true })),
    );
    this.answer({ queue: [entry] }, () => `${entry.agent}'s merge into ${entry.into} waits no more.`);
  }
}
