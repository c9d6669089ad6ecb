import { pauseAgent } from '../agents/life/pause.ts';
import { agentOf } from '../agents/list.ts';
import { agentArg, withSettledAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';

export default class Pause extends SwarmCommand {
  static override summary = "Free an agent's window; worktree, branch, ports and conversation stay.";
  static override args = { agent: agentArg };
  static override examples = ['<%= config.bin %> pause worker-2'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Pause);
    this.working(`pausing ${args.agent}`);
    const agent = await withSettledAgent(flags.cd, args.agent, { prefix: true }, async (session, row) =>
      agentOf(session, await pauseAgent(session, row)),
    );
    this.answer({ agent }, () => `${agent.name} paused; swarm resume ${agent.name} brings it back`);
  }
}
