import { outputOf } from '../agents/output.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { narrate } from '../cli/output.ts';
import { shortDuration } from '../lib/duration.ts';
import { stripControls } from '../lib/text.ts';

export default class Output extends SwarmCommand {
  static override summary = "Print an agent's last answer.";
  static override description =
    "From its own hook, else from its CLI's transcript, else from its screen: which is said on stderr.";
  static override args = { agent: agentArg };
  static override examples = [
    '<%= config.bin %> output worker-1',
    "<%= config.bin %> output worker-1 --json | jq -r '.output.text'",
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Output);
    const output = await withAgent(flags.cd, args.agent, outputOf);
    const { agent, source, at } = output;
    const age = at === null ? '' : `, ${shortDuration(Math.max(0, Date.now() - Date.parse(at)))} ago`;
    if (!this.wantsJson) narrate(`${agent}: from its ${source}${age}`);
    this.answer({ output }, () => stripControls(output.text));
  }
}
