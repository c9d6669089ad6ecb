import { stopAgent } from '../agents/life/stop.ts';
import { agentOf } from '../agents/list.ts';
import { agentArg, withExactAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';

export default class Stop extends SwarmCommand {
  static override summary = "End an agent's process and all it started; worktree, branch and ports stay.";
  static override args = { agent: agentArg };
  static override examples = ['<%= config.bin %> stop worker-2'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Stop);
    this.working(`stopping ${args.agent}`);
    const agent = await withExactAgent(flags.cd, args.agent, async (session, row) =>
      agentOf(session, await stopAgent(session, row)),
    );
    this.answer({ agent }, () => `${agent.name} stopped; swarm restart ${agent.name} starts it again`);
  }
}
