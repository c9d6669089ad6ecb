import { Args } from '@oclif/core';
import { renameAgent } from '../agents/life/rename.ts';
import { agentOf } from '../agents/list.ts';
import { agentArg, withSettledAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';

export default class Rename extends SwarmCommand {
  static override summary = 'Give an agent another name; worktree and branch keep theirs.';
  static override args = { agent: agentArg, name: Args.string({ required: true, description: 'The new name.' }) };
  static override examples = ['<%= config.bin %> rename worker-1 api'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Rename);
    const { before, agent } = await withSettledAgent(flags.cd, args.agent, { prefix: true }, async (session, row) => ({
      before: row.name,
      agent: await agentOf(session, await renameAgent(session, row, args.name)),
    }));
    this.answer({ agent }, () => `${before} is now ${agent.name}`);
  }
}
