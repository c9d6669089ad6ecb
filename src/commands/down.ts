import { withSession } from '../agents/session.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { stopSupervisor } from '../supervisor/window.ts';

export default class Down extends SwarmCommand {
  static override summary = 'End the supervisor; the agents live on.';
  static override examples = ['<%= config.bin %> down'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Down);
    this.working('ending the supervisor');
    const { pid, since } = await withSession(flags.cd, stopSupervisor);
    this.answer({ supervisor: { pid, since, ended: true } }, () => `The supervisor has ended (process ${pid}).`);
  }
}
