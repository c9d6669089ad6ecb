import { Args } from '@oclif/core';
import { approveAgent } from '../agents/approve/approve.ts';
import { agentArg, withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { narrate } from '../cli/output.ts';
import { renderApproved } from '../cli/question.ts';

export default class Approve extends SwarmCommand {
  static override summary = "Answer the question that is on an agent's screen now.";
  static override description =
    'Without an answer: the plain yes to this one thing, never "always". Where there is none (a choice, a plan, a login) ' +
    'the answers are listed. What is pressed is said first, and seen to be taken.';
  static override args = {
    agent: agentArg,
    option: Args.string({ description: "An answer's number, its key, or the beginning of its label." }),
  };
  static override examples = [
    '<%= config.bin %> approve worker-1',
    '<%= config.bin %> approve worker-1 2',
    '<%= config.bin %> approve worker-1 no',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Approve);
    const approved = await withAgent(flags.cd, args.agent, (session, row) =>
      approveAgent(session, row, args.option ?? null, narrate),
    );
    this.answer({ approved }, () => renderApproved(approved));
  }
}
