import { listAgents } from '../agents/list.ts';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderTeam } from '../cli/team.ts';

export default class Ls extends SwarmCommand {
  static override summary = 'Show the team: who works, who is done, who needs you.';
  static override aliases = ['list'];
  static override examples = ['<%= config.bin %> ls', '<%= config.bin %> ls --json'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Ls);
    const agents = await withSession(flags.cd, (session) => listAgents(session));
    this.answer({ agents }, () => renderTeam(agents));
  }
}
