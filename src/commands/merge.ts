import { Args, Flags } from '@oclif/core';
import { resolveAgent } from '../agents/resolve.ts';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { requireLeader } from '../cli/leader.ts';
import { exitOfMerge, renderMerge } from '../cli/merge.ts';
import { spawnDoor } from '../cli/spawn.ts';
import { seeToQueue, seeToTasks } from '../cli/watched.ts';
import { typedMessage } from '../merge/message.ts';
import { nextSteps } from '../merge/next-steps.ts';
import { mergeOrRework } from '../merge/queue/merge-or-rework.ts';

export default class Merge extends SwarmCommand {
  static override summary =
    "Bring an agent's committed work home: merged, tried by the gate, and only then in the target.";
  static override description =
    'Nothing is checked out for it, and on a conflict or a red gate nothing has changed. Then the agent is removed as by rm.';
  static override args = { agent: Args.string({ required: true, description: 'Name, number, ticket or prefix.' }) };
  static override flags = {
    into: Flags.string({
      description: 'The branch to merge into; else merge.into, or where it started.',
      helpValue: 'BRANCH',
    }),
    strategy: Flags.option({
      options: ['squash', 'merge', 'rebase', 'ff'] as const,
      description: 'Else merge.strategy.',
    })(),
    message: Flags.string({
      char: 'm',
      description: 'Of the commit that squash and merge make; else merge.message, or made of the commits.',
    }),
    keep: Flags.boolean({ description: 'Keep the agent, its worktree and branch; it may go on working.' }),
    rework: Flags.boolean({
      description: 'When it does not fit, give the agent the task to mend that, and merge then.',
    }),
    'no-gate': Flags.boolean({ description: 'Merge without running merge.gate.' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's gate and hooks for this run." }),
  };
  static override examples = [
    '<%= config.bin %> merge worker-1',
    '<%= config.bin %> merge ticket-42 --into release --strategy merge --keep',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Merge);
    const { into = null, strategy = null, keep, rework, yes } = flags;
    // At once: an hour of a gate would be for nothing.
    const message = flags.message === undefined ? null : typedMessage(flags.message);
    const options = { into, strategy, message, keep, rework, gate: !flags['no-gate'] };
    const door = { yes, ...spawnDoor(this.wantsJson, this.working('merging')) };
    const { merge, next } = await withSession(flags.cd, async (session) => {
      await requireLeader(session, 'merge work');
      const row = await resolveAgent(session.db, args.agent, { prefix: true });
      const done = await mergeOrRework(session, row, options, door);
      if (rework) await seeToQueue(session);
      await seeToTasks(session);
      return { merge: done, next: await nextSteps(session, row, done, options) };
    });
    this.answer({ merge }, () => renderMerge(merge, next));
    this.exitWith(exitOfMerge(merge));
  }
}
