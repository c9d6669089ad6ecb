import { Args, Flags } from '@oclif/core';
import { explainAgent } from '../agents/explain.ts';
import { agentOf } from '../agents/list.ts';
import { observe } from '../agents/observe.ts';
import { resolveAgent } from '../agents/resolve.ts';
import { withSession } from '../agents/session.ts';
import { readTeam } from '../agents/team.ts';
import { SwarmCommand } from '../cli/base-command.ts';
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
      const team = await withSession(flags.cd, (session) => readTeam(session, { all: false }));
      return this.answer({ ...team }, () => renderTeam(team));
    }
    const { agent, explanation } = await withSession(flags.cd, async (session) => {
      const row = await resolveAgent(session.db, word, { prefix: true });
      const [seen] = await observe(session, [row]);
      const why = flags.explain ? await explainAgent(session, row) : null;
      return { agent: await agentOf(session, seen?.row ?? row), explanation: why };
    });
    const more = explanation === null ? {} : { explanation };
    this.answer({ agent, ...more }, () => renderAgent(agent) + renderExplanation(explanation));
  }
}
