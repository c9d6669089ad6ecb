import { Args, Flags } from '@oclif/core';
import { adopt } from '../agents/life/adopt.ts';
import { agentOf } from '../agents/list.ts';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { agentLine, spawnDoor } from '../cli/spawn.ts';

export default class Adopt extends SwarmCommand {
  static override summary = 'Make an agent of a worktree, branch or running pane that exists.';
  static override args = {
    what: Args.string({
      required: true,
      description: 'A folder, a branch, or a tmux pane (%5) that runs the agent CLI itself, not a shell: exec claude.',
    }),
  };
  static override flags = {
    agent: Flags.string({ description: 'The agent CLI that runs, or shall run, there [from config].' }),
    name: Flags.string({ description: 'Call the agent so [worker-N].' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's commands for this run." }),
  };
  static override examples = [
    '<%= config.bin %> adopt ../app-feature',
    '<%= config.bin %> adopt feature/login --agent codex',
    '<%= config.bin %> adopt %5 --agent claude',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Adopt);
    const agent = await withSession(flags.cd, async (session) => {
      const options = { cli: flags.agent ?? session.config.agent, name: flags.name ?? null, yes: flags.yes };
      return agentOf(
        session,
        await adopt(
          session,
          flags.cd,
          args.what,
          options,
          spawnDoor(this.wantsJson, this.working(`adopting ${args.what}`)),
        ),
      );
    });
    this.answer({ agent }, () => agentLine(agent));
  }
}
