import { Flags } from '@oclif/core';
import { restartAgent } from '../agents/life/revive.ts';
import { agentOf } from '../agents/list.ts';
import { agentArg, withSettledAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { exitOfDeliveries, renderRevived } from '../cli/deliveries.ts';
import { durationFlag } from '../cli/flags.ts';
import { spawnDoor } from '../cli/spawn.ts';

export default class Restart extends SwarmCommand {
  static override summary = 'End an agent and start it again in its worktree, with its ports and conversation.';
  static override args = { agent: agentArg };
  static override flags = {
    again: Flags.boolean({ description: 'Send the first prompt again.' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's commands for this run." }),
    timeout: durationFlag({ description: 'How long the agent gets to take that prompt.', default: '60s' }),
  };
  static override examples = ['<%= config.bin %> restart worker-2', '<%= config.bin %> restart worker-2 --again'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Restart);
    const result = await withSettledAgent(flags.cd, args.agent, { prefix: true }, async (session, row) => {
      const { row: back, ...how } = await restartAgent(
        session,
        row,
        flags,
        spawnDoor(this.wantsJson, this.working(`restarting ${args.agent}`)),
      );
      return { agent: await agentOf(session, back), ...how };
    });
    const deliveries = result.delivery === null ? [] : [result.delivery];
    this.answer({ agent: result.agent, resumed: result.resumed, deliveries }, () => renderRevived(result));
    this.exitWith(exitOfDeliveries(deliveries));
  }
}
