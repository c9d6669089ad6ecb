import { SwarmCommand } from '../cli/base-command.ts';
import { renderPorts } from '../cli/ports.ts';
import { openUserDb } from '../store/open.ts';
import { listPorts } from '../workspace/port-leases.ts';

export default class Ports extends SwarmCommand {
  static override summary = 'Show who holds which port, in all repositories, and whether something listens there.';
  static override examples = [
    '<%= config.bin %> ports',
    "<%= config.bin %> ports --json | jq '.ports[] | select(.listening)'",
  ];

  override async run(): Promise<void> {
    await this.parse(Ports);
    const userDb = await openUserDb();
    const ports = await listPorts(userDb);
    await userDb.destroy();
    this.answer({ ports }, () => renderPorts(ports));
  }
}
