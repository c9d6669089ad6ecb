import { Args } from '@oclif/core';
import { ackMessages } from '../../board/messages/receipts.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { failuresOf, renderSeen } from '../../cli/messages.ts';
import { exit } from '../../lib/errors.ts';

export default class MsgAck extends SwarmCommand {
  static override summary = 'Say that you have seen messages, which came another way than by msg read.';
  static override strict = false;
  static override usage = 'msg ack ID..';
  static override args = { message: Args.string({ required: true, description: 'Ids, or how they begin.' }) };
  static override flags = { as: asFlag };
  static override examples = ['<%= config.bin %> msg ack 1a2b3c4d'];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(MsgAck);
    const { messages, errors } = await withBoard(flags, (board, me) => ackMessages(board, me, argv.map(String), 'cli'));
    this.answer({ messages, errors: failuresOf(errors) }, () => renderSeen(messages, errors));
    this.exitWith(Math.max(exit.done, ...errors.map(({ error }) => error.exit)));
  }
}
