import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SwarmCommand } from '../cli/base-command.ts';
import { programRoot } from '../lib/program.ts';

export default class Version extends SwarmCommand {
  static override summary = 'Print the version of swarm (as --version does).';
  static override hidden = true;
  static override examples = ['<%= config.bin %> version', '<%= config.bin %> --version --json'];

  override async run(): Promise<void> {
    await this.parse(Version);
    const { version } = JSON.parse(readFileSync(join(programRoot(), 'package.json'), 'utf8')) as { version: string };
    this.answer({ version, node: process.versions.node }, () => `swarm ${version}`);
  }
}
