import { Flags } from '@oclif/core';
import { SwarmCommand } from '../cli/base-command.ts';
import { renderInit } from '../cli/init.ts';
import { initConfig } from '../workspace/init.ts';

export default class Init extends SwarmCommand {
  static override summary = 'Write a commented swarm.yaml, fitted to this repository.';
  static override description =
    'Looks at lockfiles, ignored .env files and dev scripts, and fills in post_create, files.copy and dev.command; every other key is there with its default, behind a #.';
  static override flags = { force: Flags.boolean({ description: 'Overwrite the swarm.yaml that is there.' }) };
  static override examples = ['<%= config.bin %> init', '<%= config.bin %> init --force --json'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(Init);
    const { path, overwritten, found } = await initConfig(flags.cd, flags.force);
    const next = 'swarm spawn TICKET -p "what to do"';
    this.answer({ path, overwritten, found, next }, () => renderInit(path, found, next));
  }
}
