import { Flags } from '@oclif/core';
import { agentArg, withSettledAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderCheckpoint } from '../cli/checkpoint.ts';
import { spawnDoor } from '../cli/spawn.ts';
import { checkpoint } from '../merge/checkpoint.ts';

export default class CheckpointCommand extends SwarmCommand {
  static override summary = "Commit what is there in an agent's worktree, while it rests.";
  static override description =
    'Your git hooks run and your identity is used, as by hand. Copies of untracked files of the main worktree (.env) are left out.';
  static override args = { agent: agentArg };
  static override flags = {
    message: Flags.string({
      char: 'm',
      description: 'The commit message. Default: what merge.checkpoint prints, or made of the names of the files.',
    }),
    now: Flags.boolean({ description: 'Also while the agent works.' }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's merge.checkpoint for this run." }),
  };
  static override examples = [
    '<%= config.bin %> checkpoint worker-1',
    '<%= config.bin %> checkpoint worker-1 -m "Handle the empty case"',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(CheckpointCommand);
    const door = {
      yes: flags.yes,
      ...spawnDoor(this.wantsJson, this.working(`committing in the worktree of ${args.agent}`)),
    };
    const options = { message: flags.message ?? null, now: flags.now };
    const made = await withSettledAgent(flags.cd, args.agent, { prefix: true }, (session, row) =>
      checkpoint(session, row, options, door),
    );
    this.answer({ checkpoint: made }, () => renderCheckpoint(made));
  }
}
