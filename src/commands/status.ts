import { Args, Flags } from '@oclif/core';
import { agentNow } from '../agents/list.ts';
import { withSession } from '../agents/session.ts';
import { readTeam } from '../agents/team.ts';
import { withAgent } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderQuestion } from '../cli/question.ts';
import { renderAgent, renderExplanation, renderTeam } from '../cli/team.ts';

export default class Status extends SwarmCommand {
  static override summary = 'Show one agent in full; without a name, the team.';
  static override args = { agent: Args.string({ description: 'Name, number or ticket of an agent.' }) };
  static override flags = {
    explain: Flags.boolean({ description: 'Name the rule and the evidence behind its status.' }),
  };
  static override examples = ['<%= config.bin %> status worker-1', '<%= config.bin %> status worker-1 --explain'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Status);
    const word = args.agent;
    if (word === undefined) {
      const team = await withSession(flags.cd, (session) => readTeam(session, { all: false, fresh: false }));
      return this.answer({ ...team }, () => renderTeam(team));
    }
    const now = await withAgent(flags.cd, word, (session, row) => agentNow(session, row, flags.explain));
    const { agent, question, explanation } = now;
    this.answer(
      { ...now },
      () => renderAgent(agent) + renderQuestion(agent, question) + renderExplanation(explanation),
    );
  }
}
