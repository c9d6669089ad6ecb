import { Args } from '@oclif/core';
import { answerQuestion, openQuestions } from '../board/questions.ts';
import { asFlag, withBoard } from '../cli/as.ts';
import { answerText, requireNoAnswer } from '../cli/ask.ts';
import { SwarmCommand } from '../cli/base-command.ts';
import { fileFlag } from '../cli/message-flags.ts';
import { renderAnswered, renderQuestions } from '../cli/messages.ts';
import { seeToWatch } from '../cli/watched.ts';

export default class Answer extends SwarmCommand {
  static override summary = 'Answer a question that was asked with swarm ask; without arguments, list the open ones.';
  static override description =
    'What an agent CLI asks on its own screen is answered with swarm approve. A question takes one answer: the first.';
  static override args = {
    agent: Args.string({ description: 'Who asked, or the id of the question.' }),
    text: Args.string({ description: 'The answer, or the number of an option.' }),
  };
  static override flags = { file: fileFlag, as: asFlag };
  static override examples = [
    '<%= config.bin %> answer',
    '<%= config.bin %> answer worker-1 2',
    '<%= config.bin %> answer 1a2b3c4d "Keep the old name."',
  ];

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Answer);
    const { agent: word } = args;
    if (word === undefined) {
      requireNoAnswer(flags.file);
      const questions = await withBoard(flags, (board, me) => openQuestions(board, { answerableBy: me }));
      return this.answer({ questions }, () => renderQuestions(questions));
    }
    const text = answerText(word, args.text, flags.file, flags.cd);
    const answer = await withBoard(flags, async (board, me, session) => {
      const given = await answerQuestion(board, me, word, text);
      await seeToWatch(session, [given]);
      return given;
    });
    this.answer({ answer }, () => renderAnswered(answer));
  }
}
