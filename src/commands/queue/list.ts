import { Flags } from '@oclif/core';
import { withSession } from '../../agents/session.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { renderQueue } from '../../cli/queue.ts';
import { listQueue, pausedBecause } from '../../merge/queue/entries.ts';

export default class QueueList extends SwarmCommand {
  static override summary = 'List the merges that wait, in the order of their turns.';
  static override flags = { all: Flags.boolean({ description: 'Also those that are over.' }) };
  static override examples = ['<%= config.bin %> queue list', '<%= config.bin %> queue list --all --json'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(QueueList);
    const [queue, paused] = await withSession(flags.cd, (session) =>
      Promise.all([listQueue(session, flags.all), pausedBecause(session)]),
    );
    this.answer({ queue, paused }, () => renderQueue(queue, paused));
  }
}
