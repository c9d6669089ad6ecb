import { Flags } from '@oclif/core';
import { withSession } from '../agents/session.ts';
import { readTeam } from '../agents/team.ts';
import { SwarmCommand } from '../cli/base-command.ts';

export default class Ls extends SwarmCommand {
  static override summary = 'Show the team: who works, who is done, who needs you.';
  static override aliases = ['list'];
  static override flags = {
    all: Flags.boolean({ char: 'a', description: 'Also those that were removed and can be restored.' }),
    watch: Flags.boolean({
      char: 'w',
      description: 'Stay, and show what changes; with --json a line for each change.',
    }),
    fresh: Flags.boolean({ description: 'Look now, rather than show what the supervisor saw last.' }),
  };
  static override examples = ['<%= config.bin %> ls', '<%= config.bin %> ls --watch', '<%= config.bin %> ls --json'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Ls);
    const { all, fresh } = flags;
    if (flags.watch) {
      const { watch } = await import('../cli/watch.ts');
      const options = { all, fresh, json: this.wantsJson };
      return this.exitWith(await withSession(flags.cd, (session) => watch(session, options, this.interrupt)));
    }
    const team = await withSession(flags.cd, (session) => readTeam(session, { all, fresh }));
    await this.answerBy({ ...team }, async () => {
      const { renderTeam } = await import('../cli/team.ts');
      return () => renderTeam(team);
    });
  }
}
