import { Flags } from '@oclif/core';
import { listMessages } from '../../board/messages/receipts.ts';
import { resolveParticipant } from '../../board/roster.ts';
import { fullTaskId } from '../../board/tasks/read.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { stateFlag, typesFlag } from '../../cli/message-flags.ts';
import { renderMessages } from '../../cli/messages.ts';

export default class MsgList extends SwarmCommand {
  static override summary = 'List messages with their receipts: all of them for who leads, else your own.';
  static override flags = {
    to: Flags.string({ description: 'Only those to NAME.', helpValue: 'NAME' }),
    from: Flags.string({ description: 'Only those from NAME.', helpValue: 'NAME' }),
    state: stateFlag(),
    type: typesFlag(),
    task: Flags.string({ description: 'Only those about TASK.', helpValue: 'TASK' }),
    limit: Flags.integer({ description: 'The newest so many. [100]', min: 1, helpValue: 'N' }),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> msg list --to worker-1 --state queued',
    '<%= config.bin %> msg list --type QUESTION --json',
  ];

  override async run(): Promise<void> {
    const { flags } = await this.parse(MsgList);
    const { state: states, type: types, task, limit } = flags;
    const messages = await withBoard(flags, async (board, me) => {
      const idOf = async (word: string | undefined) => word && (await resolveParticipant(board, word)).id;
      const [to, from] = [await idOf(flags.to), await idOf(flags.from)];
      const taskId = await fullTaskId(board, task);
      return listMessages(board, me, { to, from, states, types, taskId, limit });
    });
    this.answer({ messages }, () => renderMessages(messages));
  }
}
