import { Flags } from '@oclif/core';
import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { spawnDoor } from '../cli/spawn.ts';
import { exitOfUp, renderUp, tellJson, tellTimed } from '../cli/supervisor.ts';
import { bringUp, keepWatch } from '../supervisor/up.ts';

export default class Up extends SwarmCommand {
  static override summary = 'Bring lost agents back, and keep watch over the team in a tmux window.';
  static override description =
    'The supervisor keeps statuses and git facts fresh for every other command, types the prompts and messages that wait, gives ready tasks to agents that take work from the board, starts crashed agents again, backs the database up, runs the on_* hooks, notifies, and answers questions by rule. Everything that you see works without it, more slowly. With --workers it also adds agents for tasks, and lets them go again after limits.idle_timeout: removed if their work is merged, else paused. That lasts until swarm down or --no-workers.';
  static override flags = {
    'no-restore': Flags.boolean({ description: 'Leave agents alone that lost their windows.' }),
    workers: Flags.boolean({
      description: 'Add agents while more tasks are ready than agents are free, up to limits.agents; each costs money.',
      allowNo: true,
    }),
    foreground: Flags.boolean({ description: 'Keep watch here, until Ctrl-C.', exclusive: ['no-restore', 'yes'] }),
    yes: Flags.boolean({ char: 'y', description: "Agree to the repository's commands for this run." }),
  };
  static override examples = ['<%= config.bin %> up', '<%= config.bin %> up --foreground'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Up);
    const workers = flags.workers ?? null;
    if (flags.foreground) {
      const tell = this.wantsJson ? tellJson : tellTimed;
      const wish = { workers, door: spawnDoor(this.wantsJson) };
      return withSession(flags.cd, (session) => keepWatch(session, wish, this.interrupt, tell));
    }
    const door = spawnDoor(this.wantsJson, this.working('bringing the team up'));
    const options = { yes: flags.yes, restore: !flags['no-restore'], workers };
    const result = await withSession(flags.cd, (session) => bringUp(session, options, door));
    this.answer({ ...result }, () => renderUp(result));
    this.exitWith(exitOfUp(result));
  }
}
