import { SwarmCommand } from '../../cli/base-command.ts';
import { configEntries, inline, placeOf } from '../../config/show.ts';
import { findRepository } from '../../git/repository.ts';
import { stripControls } from '../../lib/text.ts';
import { loadRepositoryConfig } from '../../workspace/settings.ts';

export default class ConfigShow extends SwarmCommand {
  static override summary = 'Show the config in effect, and where each value comes from.';
  static override examples = [
    '<%= config.bin %> config show',
    '<%= config.bin %> config show --json | jq \'.values[] | select(.layer != "default")\'',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigShow);
    const repo = await findRepository(flags.cd);
    const values = configEntries(await loadRepositoryConfig(repo, process.env));
    this.answer({ values }, () => {
      const lines = values.map((entry) => [`${entry.key}: ${inline(entry.value)}`, placeOf(entry, repo.root)] as const);
      const width = Math.min(60, Math.max(...lines.map(([said]) => said.length)));
      return lines.map(([said, place]) => stripControls(`${said.padEnd(width)}  # ${place}`)).join('\n');
    });
  }
}
