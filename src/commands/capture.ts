import { Flags } from '@oclif/core';
import { captureAgent } from '../agents/capture.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { printScreen } from '../cli/output.ts';

export default class Capture extends SwarmCommand {
  static override summary = "Print an agent's screen.";
  static override args = { agent: agentArg };
  static override flags = {
    lines: Flags.integer({ description: 'The last N lines, history included.', helpValue: 'N', min: 1 }),
    ansi: Flags.boolean({ description: 'Keep colours.' }),
  };
  static override examples = ['<%= config.bin %> capture worker-1', '<%= config.bin %> capture worker-1 --lines 200'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Capture);
    const how = { lines: flags.lines ?? null, ansi: flags.ansi };
    const screen = await withAgent(flags.cd, args.agent, (session, row) => captureAgent(session, row, how));
    if (flags.ansi && !this.wantsJson) printScreen(screen.text);
    else this.answer({ ...screen }, () => screen.text);
  }
}
