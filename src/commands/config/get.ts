import { Args } from '@oclif/core';
import { SwarmCommand } from '../../cli/base-command.ts';
import { configEntry } from '../../config/show.ts';
import { findRepository } from '../../git/repository.ts';
import { loadRepositoryConfig } from '../../workspace/settings.ts';

export default class ConfigGet extends SwarmCommand {
  static override summary = 'Print the value of one key of the config.';
  static override description =
    'A text is printed as it is, a list of texts one a line, null as nothing; anything else as JSON.';
  static override args = {
    key: Args.string({ required: true, description: 'As written in swarm.yaml: limits.agents' }),
  };
  static override examples = ['<%= config.bin %> config get ports.range', '<%= config.bin %> config get hooks --json'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ConfigGet);
    const loaded = await loadRepositoryConfig(await findRepository(flags.cd), process.env);
    const entry = configEntry(loaded, args.key);
    this.answer({ ...entry }, () => plain(entry.value));
  }
}

function plain(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return isTexts ? value.join('\n') : JSON.stringify(value, null, 2);
}
