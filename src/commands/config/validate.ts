import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { checkAgents } from '../../agents/clis/check.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { validateFile } from '../../config/validate.ts';
import { findRepository } from '../../git/repository.ts';
import { loadRepositoryConfig } from '../../workspace/settings.ts';

export default class ConfigValidate extends SwarmCommand {
  static override summary = 'Check the config files: each mistake with its file and line.';
  static override description = 'Ends with 2 when something is wrong.';
  static override args = {
    file: Args.string({ description: 'A file to check as a swarm.yaml, instead of those in effect.' }),
  };
  static override examples = [
    '<%= config.bin %> config validate',
    '<%= config.bin %> config validate templates/swarm.yaml',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ConfigValidate);
    const file = args.file === undefined ? null : resolve(flags.cd, args.file);
    if (file !== null) validateFile(file);
    const files = file === null ? await validFiles(flags.cd) : [file];
    this.answer({ valid: true, files }, () =>
      files.length === 0
        ? 'No config files: the defaults hold. To write one: swarm init'
        : `Valid: ${files.join(', ')}`,
    );
  }
}

/** The files in effect. @throws UserError (exit 2) with all that is wrong in them, or in what they make together. */
async function validFiles(cd: string): Promise<readonly string[]> {
  const loaded = await loadRepositoryConfig(await findRepository(cd), process.env);
  checkAgents(loaded);
  return loaded.files;
}
