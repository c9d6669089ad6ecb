import type { Answered } from '../agents/approve/answer.ts';
import { clockWords, type Question, questionWords } from '../agents/question.ts';
import type { Agent } from '../agents/types.ts';
import { oneLine, tame } from '../lib/text.ts';

/** What an agent asks, below its facts: the question, what an answer would allow, the answers by number. */
export function renderQuestion(agent: Pick<Agent, 'name'>, question: Question | null): string {
  if (question === null) return '';
  const { kind, subject, options } = question;
  const what = subject === null ? [] : tame(subject.what).split('\n');
  return [
    '',
    `  ${(kind === 'approve' ? 'question' : kind).padEnd(13)}${questionText(question)}`,
    ...what.map((line, row) => `  ${(row === 0 ? (subject?.kind ?? '') : '').padEnd(13)}${line}`),
    ...optionLines(question),
    ...(options.length === 0 ? [] : [`  ${'answer'.padEnd(13)}swarm approve ${agent.name} NUMBER`]),
  ].join('\n');
}

const questionText = ({ text, until }: Question) =>
  `${oneLine(text)}${until === null ? '' : ` (until ${clockWords(until)})`}`;

/** The answers, a line each, by their numbers. */
function optionLines({ options }: Pick<Question, 'options'>): string[] {
  return options.map(({ label }, index) => `${' '.repeat(15)}${index + 1}  ${oneLine(label, 100)}`);
}

/** What was answered, in a sentence. */
export function renderApproved({ agent, question, option }: Answered): string {
  return `${agent}: answered '${oneLine(option.label, 60)}' to ${questionWords(question)}`;
}
