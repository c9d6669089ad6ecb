import { Flags } from '@oclif/core';
import { pickAgents } from '../../agents/pick.ts';
import { withSession } from '../../agents/session.ts';
import { callerIn } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { renderQueue } from '../../cli/queue.ts';
import { errorDocuments, exitOfErrors, tellErrors } from '../../cli/targets.ts';
import { seeToQueue } from '../../cli/watched.ts';
import { enqueueAll, requestAll } from '../../merge/queue/enqueue-all.ts';
import { pausedBecause } from '../../merge/queue/entries.ts';

export default class QueueAdd extends SwarmCommand {
  static override summary = 'Put the merges of agents into the queue, which the supervisor works off.';
  static override description =
    'One at a time, each tested on top of what landed before it. What its gate refuses is sent back with the log. From an agent that does not lead, for its own merge, it is a request: it waits for a leader to add it.';
  static override strict = false;
  static override usage = 'queue add AGENT.. [--into BRANCH] [--priority N]';
  static override flags = {
    into: Flags.string({ description: 'The branch to merge into.', helpValue: 'BRANCH' }),
    strategy: Flags.option({
      options: ['squash', 'merge', 'rebase', 'ff'] as const,
      description: 'Else merge.strategy.',
    })(),
    priority: Flags.integer({ char: 'P', description: '1 is first.', default: 3, min: 1, helpValue: 'N' }),
    keep: Flags.boolean({ description: 'Keep the agents afterwards.' }),
    rework: Flags.boolean({
      description: 'On a conflict or a red gate, give the agent the task to mend it, then try again.',
    }),
  };
  static override examples = [
    '<%= config.bin %> queue add worker-1 worker-2',
    '<%= config.bin %> queue add 3 -P 1 --rework',
  ];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(QueueAdd);
    const { into = null, strategy = null, priority, keep, rework } = flags;
    const wish = { into, strategy, priority, keep, rework };
    const { done, errors, paused } = await withSession(flags.cd, async (session) => {
      const me = await callerIn(session);
      const picked = await pickAgents(session, argv.map(String), { all: false, prefix: true, several: true });
      const added = await (me.leads ? enqueueAll(session, picked, wish) : requestAll(session, me, picked, wish));
      await seeToQueue(session);
      return { ...added, paused: await pausedBecause(session) };
    });
    this.answer({ queue: done, paused, errors: errorDocuments(errors, 'queue add') }, () => {
      tellErrors(errors, 'queue add');
      return done.length === 0 ? '' : renderQueue(done, paused);
    });
    this.exitWith(exitOfErrors(errors, 'queue add'));
  }
}
