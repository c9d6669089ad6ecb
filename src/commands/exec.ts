import { execIn } from '../agents/exec.ts';
import { pickAgents } from '../agents/pick.ts';
import { withSession } from '../agents/session.ts';
import { allFlag } from '../cli/agents.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderExec, splitCommand, worstExit } from '../cli/exec.ts';
import { errorDocuments, exitOfErrors, tellErrors } from '../cli/targets.ts';

export default class Exec extends SwarmCommand {
  static override summary = "Run a command in agents' worktrees.";
  static override strict = false;
  static override usage = 'exec AGENT.. -- COMMAND [ARG..]';
  static override flags = { all: allFlag };
  static override examples = [
    '<%= config.bin %> exec worker-1 -- npm test',
    '<%= config.bin %> exec --all -- git status --short',
  ];

  override async run(): Promise<void> {
    const { words, command } = splitCommand(this.argv);
    const { argv, flags } = await this.parse(Exec, words);
    const { results, errors } = await withSession(flags.cd, async (session) => {
      const picked = await pickAgents(session, argv.map(String), { all: flags.all, prefix: true, several: true });
      return execIn(session, picked, command);
    });
    this.answer({ results, errors: errorDocuments(errors, 'exec') }, () => {
      tellErrors(errors, 'exec');
      return renderExec(results);
    });
    this.exitWith(Math.max(worstExit(results), exitOfErrors(errors, 'exec')));
  }
}
