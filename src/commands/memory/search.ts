import { Args } from '@oclif/core';
import { searchMemory } from '../../board/memory.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { rememberer, renderMemories, searchFlags, whoseOf } from '../../cli/memory.ts';

export default class MemorySearch extends SwarmCommand {
  static override summary = 'Find what the team and you know, by words that are all in it.';
  static override strict = false;
  static override usage = 'memory search WORD..';
  static override args = { word: Args.string({ required: true, description: 'Words, in any order and case.' }) };
  static override flags = { ...searchFlags, as: asFlag };
  static override examples = ['<%= config.bin %> memory search redis port'];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(MemorySearch);
    const { kind, limit } = flags;
    const query = argv.join(' ');
    const memories = await withBoard(flags, async (board, me) =>
      searchMemory(board, await rememberer(board, me, flags.agent), { query, kind, limit, whose: whoseOf(flags) }),
    );
    this.answer({ memories }, () => renderMemories(memories));
  }
}
