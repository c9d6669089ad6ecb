import { shellPlan } from '../agents/shell.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { inForeground } from '../cli/foreground.ts';

export default class Shell extends SwarmCommand {
  static override summary = "Open a shell in an agent's worktree, with its environment.";
  static override args = { agent: agentArg };
  static override examples = ['<%= config.bin %> shell worker-1'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Shell);
    const { argv, cwd, env } = await withAgent(flags.cd, args.agent, async (session, row) => shellPlan(session, row));
    // What its last command came to is not how this one went.
    await inForeground(argv, this.wantsJson, { cwd, env });
  }
}
