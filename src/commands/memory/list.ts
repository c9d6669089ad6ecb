import { searchMemory } from '../../board/memory.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { rememberer, renderMemories, searchFlags, whoseOf } from '../../cli/memory.ts';

export default class MemoryList extends SwarmCommand {
  static override summary = 'List what the team and you know, the newest first.';
  static override flags = { ...searchFlags, as: asFlag };
  static override examples = [
    '<%= config.bin %> memory list',
    '<%= config.bin %> memory list --agent worker-1 --kind decisions',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(MemoryList);
    const { kind, limit } = flags;
    const memories = await withBoard(flags, async (board, me) =>
      searchMemory(board, await rememberer(board, me, flags.agent), { kind, limit, whose: whoseOf(flags) }),
    );
    this.answer({ memories }, () => renderMemories(memories));
  }
}
