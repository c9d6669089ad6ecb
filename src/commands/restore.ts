import { Args } from '@oclif/core';
import { listRestorable } from '../agents/life/restorable.ts';
import { restoreAgent } from '../agents/life/restore.ts';
import { agentOf } from '../agents/list.ts';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderRestorable } from '../cli/removals.ts';

export default class Restore extends SwarmCommand {
  static override summary = 'Bring back an agent that was removed within 7 days; without a name, list them.';
  static override args = { agent: Args.string({ description: 'Name or branch of the removed agent.' }) };
  static override examples = ['<%= config.bin %> restore', '<%= config.bin %> restore worker-2'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Restore);
    const word = args.agent;
    if (word === undefined) {
      const removed = await withSession(flags.cd, listRestorable);
      return this.answer({ removed }, () => renderRestorable(removed));
    }
    const agent = await withSession(flags.cd, async (session) => agentOf(session, await restoreAgent(session, word)));
    this.answer({ agent }, () => `${agent.name} restored in ${agent.worktree}; swarm resume ${agent.name} starts it`);
  }
}
