import { Flags } from '@oclif/core';
import { postMessage } from '../../board/messages/post.ts';
import { findMessage } from '../../board/messages/receipts.ts';
import { fullTaskId } from '../../board/tasks/read.ts';
import { asFlag, withBoard } from '../../cli/as.ts';
import { SwarmCommand } from '../../cli/base-command.ts';
import { optionalDurationFlag } from '../../cli/flags.ts';
import { fileFlag, payloadOf, priorityFlag, readWordsOf, resolveAll, typeFlag } from '../../cli/message-flags.ts';
import { renderSent } from '../../cli/messages.ts';
import { seeToWatch } from '../../cli/watched.ts';

export default class MsgSend extends SwarmCommand {
  static override summary = 'Put a message into the inbox of agents, of the leader, or of the person.';
  static override description =
    'It stays there until something shows that it was seen. A supervisor types it to an agent that rests; swarm send types at once.';
  static override strict = false;
  static override usage = 'msg send TO.. TEXT [--all] [--type TYPE] [--priority urgent|normal|low] [--reply-to ID]';
  static override flags = {
    all: Flags.boolean({ description: 'To everybody but yourself.' }),
    type: typeFlag(),
    priority: priorityFlag(),
    'reply-to': Flags.string({
      description: 'The message that this replies to; goes to who wrote it.',
      helpValue: 'ID',
    }),
    task: Flags.string({ description: 'The task that it is about.', helpValue: 'TASK' }),
    payload: Flags.string({ description: 'Data for programs, as a JSON object.', helpValue: 'JSON' }),
    expires: optionalDurationFlag({
      name: 'expires',
      some: true,
      description: 'Nobody needs to read it after so long.',
    }),
    file: fileFlag,
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> msg send worker-1 worker-2 "main has moved: rebase before you go on."',
    '<%= config.bin %> msg send leader "Tests are green." --type STATUS_UPDATE --task task-003',
    '<%= config.bin %> msg send --reply-to 1a2b3c4d "Yes."',
  ];

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(MsgSend);
    const { to: words, text } = readWordsOf(argv.map(String), flags);
    const { type, priority, expires: expiresIn, all, task, 'reply-to': original } = flags;
    const payload = payloadOf(flags.payload);
    const messages = await withBoard(flags, async (board, me, session) => {
      const to = all ? 'all' : await resolveAll(board, words);
      const replyTo = original && (await findMessage(board, me, original)).id;
      const taskId = await fullTaskId(board, task);
      const posted = await postMessage(board, me, { to, type, priority, text, payload, expiresIn, replyTo, taskId });
      await seeToWatch(session, posted);
      return posted;
    });
    this.answer({ messages }, () => renderSent(messages));
  }
}
