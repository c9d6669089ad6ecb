import { requireWorktree } from '../agents/ground.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';

export default class Path extends SwarmCommand {
  static override summary = "Print an agent's worktree.";
  static override args = { agent: agentArg };
  static override examples = ['cd "$(<%= config.bin %> path worker-1)"'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Path);
    const path = await withAgent(flags.cd, args.agent, async (_session, row) => requireWorktree(row));
    this.answer({ path }, () => path);
  }
}
