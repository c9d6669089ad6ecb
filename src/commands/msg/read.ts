import { Flags } from '@oclif/core';
import { awaitInbox, peekInbox } from '../../board/messages/inbox.ts';
import { markSeen } from '../../board/messages/receipts.ts';
import { asFlag, holdingOn, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { optionalDurationFlag } from '../../cli/flags.ts';
import { typesFlag } from '../../cli/message-flags.ts';
import { renderInbox } from '../../cli/messages.ts';
import { printed } from '../../cli/output.ts';
import { exit } from '../../lib/errors.ts';

export default class MsgRead extends SwarmCommand {
  static override summary = 'Read your inbox: what is most urgent first, each message once.';
  static override flags = {
    wait: optionalDurationFlag({
      name: 'wait',
      description: 'Wait so long for a message, if there is none (then exit 6).',
    }),
    peek: Flags.boolean({ description: 'Leave them unread.', exclusive: ['wait'] }),
    limit: Flags.integer({ description: 'At most so many; the others stay.', min: 1, helpValue: 'N' }),
    type: typesFlag(),
    as: asFlag,
  };
  static override examples = ['<%= config.bin %> msg read', '<%= config.bin %> msg read --wait 5m --json'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(MsgRead);
    const { wait = 0, peek, limit, type: types } = flags;
    await withBoard(flags, async (board, me) => {
      if (wait > 0) this.working('waiting for a message');
      const signal = wait > 0 ? this.interrupt : undefined;
      const messages = await (peek
        ? peekInbox(board, me, { limit, types })
        : holdingOn(board, me, () => awaitInbox(board, me, { limit, types, wait, signal })));
      if (signal?.aborted) return this.exitWith(exit.interrupted);
      this.answer({ messages }, () => renderInbox(messages));
      await printed();
      const ids = messages.map(({ id }) => id);
      if (!peek) await markSeen(board, me, ids, 'cli');
      if (wait > 0 && messages.length === 0) this.exitWith(exit.undelivered);
    });
  }
}
