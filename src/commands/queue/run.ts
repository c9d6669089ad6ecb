import { Flags } from '@oclif/core';
import { withSession } from '../../agents/session.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { requireLeader } from '../../cli/leader.ts';
import { exitOfTurns, renderTurns } from '../../cli/queue.ts';
import { spawnDoor } from '../../cli/spawn.ts';
import { seeToQueue } from '../../cli/watched.ts';
import { setPaused } from '../../merge/queue/entries.ts';
import { runQueue } from '../../merge/queue/run.ts';

export default class QueueRun extends SwarmCommand {
  static override summary = 'Work the merge queue off now, and let it go on if it rested.';
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's gate and hooks for this run." }),
  };
  static override examples = ['<%= config.bin %> queue run'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(QueueRun);
    const door = { yes: flags.yes, ...spawnDoor(this.wantsJson, this.working('merging, one after the other')) };
    const queue = await withSession(flags.cd, async (session) => {
      await requireLeader(session, 'run the queue');
      await setPaused(session, null);
      const turns = await runQueue(session, door, this.interrupt);
      await seeToQueue(session);
      return turns;
    });
    this.answer({ queue, paused: null }, () => renderTurns(queue, null));
    this.exitWith(exitOfTurns(queue));
  }
}
