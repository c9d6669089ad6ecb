import { SwarmCommand } from '../../cli/base-command.ts';
import { configJsonSchema } from '../../config/json-schema.ts';

export default class ConfigSchema extends SwarmCommand {
  static override summary = 'Print the JSON Schema of swarm.yaml, for editors.';
  static override examples = ['<%= config.bin %> config schema > swarm.schema.json'];

  override async run(): Promise<void> {
    await this.parse(ConfigSchema);
    const jsonSchema = configJsonSchema();
    this.answer({ jsonSchema }, () => JSON.stringify(jsonSchema, null, 2));
  }
}
