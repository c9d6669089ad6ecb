import { SwarmCommand } from '../cli/base-command.ts';
import { examine, renderChecks } from '../cli/doctor/index.ts';
import { exit } from '../lib/errors.ts';

export default class Doctor extends SwarmCommand {
  static override summary = 'Check what swarm needs, and say how to mend what is missing.';
  static override description = 'Ends with 5 when something that swarm needs is missing (✗), with 0 otherwise.';
  static override examples = ['<%= config.bin %> doctor', "<%= config.bin %> doctor --json | jq '.checks[].state'"];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const checks = await examine(flags.cd, process.env);
    this.answer({ checks }, () => renderChecks(checks));
    this.exitWith(checks.some(({ state }) => state === 'fail') ? exit.missing : exit.done);
  }
}
