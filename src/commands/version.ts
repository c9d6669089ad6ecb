import { SwarmCommand } from '../cli/base-command.ts';
import { programVersion } from '../lib/program.ts';

export default class Version extends SwarmCommand {
  static override summary = 'Print the version of swarm (as --version does).';
  static override hidden = true;
  static override examples = ['<%= config.bin %> version', '<%= config.bin %> --version --json'];

  override async run(): Promise<void> {
    await this.parse(Version);
    const version = programVersion();
    this.answer({ version, node: process.versions.node }, () => `swarm ${version}`);
  }
}
