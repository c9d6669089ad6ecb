import { Args } from '@oclif/core';
import { SwarmCommand } from '../cli/base-command.ts';

export default class Path extends SwarmCommand {
  static override summary = "Print an agent's worktree.";
  static override args = { agent: Args.string({ required: true, description: 'Name, number or ticket.' }) };
  static override examples = ['cd "$(<%= config.bin %> path worker-1)"'];

  override async run(): Promise<void> {
    const { args } = await this.parse(Path);
    this.answer({ path: args.agent }, () => args.agent);
  }
}
