import { Args } from '@oclif/core';
import { removeMemory } from '../../board/memory.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { oneLine } from '../../lib/text.ts';

export default class MemoryRm extends SwarmCommand {
  static override summary = 'Forget something, by the number that memory list shows.';
  static override args = { number: Args.integer({ required: true, description: 'Its number.' }) };
  static override flags = { as: asFlag };
  static override examples = ['<%= config.bin %> memory rm 7'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(MemoryRm);
    const memory = await withBoard(flags, (board, me) => removeMemory(board, me, args.number));
    this.answer({ memory }, () => `Forgotten: ${oneLine(memory.text, 60)}`);
  }
}
