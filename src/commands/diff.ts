import { Flags } from '@oclif/core';
import { agentDiff } from '../agents/diff.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { useColour } from '../cli/output.ts';

export default class Diff extends SwarmCommand {
  static override summary = 'Show what an agent has made since its work began, untracked files included.';
  static override args = { agent: agentArg };
  static override flags = {
    stat: Flags.boolean({ description: 'Lines changed per file.', exclusive: ['name-only'] }),
    'name-only': Flags.boolean({ description: 'Names of changed files.' }),
  };
  static override examples = ['<%= config.bin %> diff worker-1', '<%= config.bin %> diff ticket-42 --stat'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Diff);
    const form = flags.stat ? 'stat' : flags['name-only'] ? 'name-only' : 'patch';
    const colour = !this.wantsJson && useColour(process.stdout);
    const diff = await withAgent(flags.cd, args.agent, (_session, row) => agentDiff(row, form, colour));
    this.answer({ ...diff }, () => diff.diff);
  }
}
