import { takeBackMessage } from '../../board/messages/revise.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { messageArg } from '../../cli/message-flags.ts';

export default class MsgCancel extends SwarmCommand {
  static override summary = 'Take back a message of yours that nobody has been given yet.';
  static override args = { message: messageArg };
  static override flags = { as: asFlag };
  static override examples = ['<%= config.bin %> msg cancel 1a2b3c4d'];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(MsgCancel);
    const message = await withBoard(flags, (board, me) => takeBackMessage(board, me, args.message));
    this.answer({ message }, () => `${message.to} will not be given it.`);
  }
}
