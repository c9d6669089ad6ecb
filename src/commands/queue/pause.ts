import { Args } from '@oclif/core';
import { withSession } from '../../agents/session.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { requireLeader } from '../../cli/leader.ts';
import { renderQueue } from '../../cli/queue.ts';
import { listQueue, setPaused } from '../../merge/queue/entries.ts';

export default class QueuePause extends SwarmCommand {
  static override summary = 'Let the merge queue rest until swarm queue run; a merge that runs comes to its end.';
  static override args = { reason: Args.string({ description: 'Why, for who looks.', default: 'a person paused it' }) };
  static override examples = ['<%= config.bin %> queue pause "release day"'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(QueuePause);
    const queue = await withSession(flags.cd, async (session) => {
      await requireLeader(session, 'pause the queue');
      await setPaused(session, args.reason);
      return listQueue(session, false);
    });
    this.answer({ queue, paused: args.reason }, () => renderQueue(queue, args.reason));
  }
}
