import { findMessage } from '../../board/messages/receipts.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { messageArg } from '../../cli/message-flags.ts';
import { renderMessage } from '../../cli/messages.ts';

export default class MsgShow extends SwarmCommand {
  static override summary = 'Show a message in full: when it was delivered and seen, and what shows that.';
  static override args = { message: messageArg };
  static override flags = { as: asFlag };
  static override examples = ['<%= config.bin %> msg show 1a2b3c4d'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(MsgShow);
    const message = await withBoard(flags, (board, me) => findMessage(board, me, args.message));
    this.answer({ message }, () => renderMessage(message));
  }
}
