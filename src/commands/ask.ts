import { Args, Flags } from '@oclif/core';
import { markSeen } from '../board/messages/receipts.ts';
import { askQuestion } from '../board/questions.ts';
import { resolveParticipant } from '../board/roster.ts';
import { readTask } from '../board/tasks/read.ts';
import { asFlag, holdingOn, withBoard } from '../cli/as.ts';
import { waitForAnswer } from '../cli/ask.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { optionalDurationFlag } from '../cli/flags.ts';
import { narrate, printed } from '../cli/output.ts';
import { seeToWatch } from '../cli/watched.ts';
import { stripControls } from '../lib/text.ts';

export default class Ask extends SwarmCommand {
  static override summary = 'Ask the person or another agent, and wait for the answer.';
  static override description =
    'Prints the answer alone. When the time is up (exit 6) the question stays, and its answer comes into your inbox.';
  static override args = { text: Args.string({ required: true, description: 'The question.' }) };
  static override flags = {
    to: Flags.string({ description: 'Whom to ask.', helpValue: 'NAME', default: 'person' }),
    option: Flags.string({
      description: 'An answer to choose from.',
      helpValue: 'TEXT',
      multiple: true,
      multipleNonGreedy: true,
    }),
    task: Flags.string({ description: 'The task that it is about.', helpValue: 'TASK' }),
    'no-wait': Flags.boolean({
      description: 'Print the id of the question at once; its answer comes into your inbox.',
    }),
    timeout: optionalDurationFlag({ description: 'Give up waiting after so long (exit 6).' }),
    as: asFlag,
  };
  static override examples = [
    '<%= config.bin %> ask "Which licence?" --option MIT --option Apache-2.0',
    '<%= config.bin %> ask "Is the schema final?" --to worker-2 --timeout 10m',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Ask);
    const { option: options, task, timeout } = flags;
    await withBoard(flags, async (board, me, session) => {
      const to = await resolveParticipant(board, flags.to);
      const taskId = task && (await readTask(board, task)).id;
      const question = await askQuestion(board, me, { to, text: args.text, options, taskId });
      await seeToWatch(session, [question]);
      if (flags['no-wait']) return this.answer({ question, answer: null }, () => question.id);
      if (!this.wantsJson) narrate(`Asked ${to.name} (${question.id.slice(0, 8)}); waiting for the answer.`);
      const answer = await holdingOn(board, me, () =>
        waitForAnswer(board, question, { timeout, signal: this.interrupt }),
      );
      this.answer({ question, answer }, () => stripControls(answer.text));
      await printed();
      await markSeen(board, me, [answer.id], 'cli');
    });
  }
}
