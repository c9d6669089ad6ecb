import { exit, UserError } from '../../lib/errors.ts';
import { oneLine, shellWord } from '../../lib/text.ts';
import { type Question, questionWords } from '../question.ts';
import type { DialogOption } from '../screen.ts';

/** A yes to this one thing, in the words of the agent CLIs: `Yes`, `Yes, proceed (y)`, `Allow once`. */
const ONCE = /^(?:yes|allow|approve|accept|proceed|ok)(?:,? (?:once|proceed|this time))?(?: \((?:y|enter)\))?$/iu;

/** The answer that allows what is asked, and nothing beyond; null where there is none, or more than one. */
export function plainYes({ kind, options }: Pick<Question, 'kind' | 'options'>): DialogOption | null {
  if (kind !== 'approve') return null;
  const [only, ...more] = options.filter(({ label }) => ONCE.test(label.trim()));
  return only !== undefined && more.length === 0 ? only : null;
}

/**
 * The answer that somebody means: by its number, its key, or the unique beginning of its label; without a word the plain
 * yes. @throws UserError exit 2 for a word that fits none or several, exit 4 where a person must choose.
 */
export function chooseOption(agent: string, question: Question, word: string | null): DialogOption {
  const { options } = question;
  if (options.length === 0) throw nothingToChoose(agent, question);
  if (word === null) {
    const yes = plainYes(question);
    if (yes !== null) return yes;
    throw mustChoose(agent, question);
  }
  const found = fitting(options, word);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new UserError({
    code: found.length === 0 ? 'NO_SUCH_OPTION' : 'AMBIGUOUS_OPTION',
    exit: exit.usage,
    message: `'${oneLine(word, 60)}' ${found.length === 0 ? 'is no answer to' : 'fits several answers to'} '${questionWords(question)}'. Its answers are:\n${commands(agent, question)}`,
    hint: `swarm approve ${shellWord(agent)} NUMBER`,
    details: { question, options: found.length === 0 ? options : found },
  });
}

function fitting(options: readonly DialogOption[], word: string): readonly DialogOption[] {
  const numbered = /^\d+$/.test(word) ? options[Number(word) - 1] : undefined;
  if (numbered !== undefined) return [numbered];
  const wanted = word.trim().toLowerCase();
  const label = (option: DialogOption) => option.label.trim().toLowerCase();
  const ways: ((option: DialogOption) => boolean)[] = [
    ({ key }) => key === word,
    (option) => label(option) === wanted,
    (option) => wanted !== '' && label(option).startsWith(wanted),
  ];
  return ways.map((fits) => options.filter(fits)).find((found) => found.length > 0) ?? [];
}

function mustChoose(agent: string, question: Question): UserError {
  return new UserError({
    code: 'OPTION_NEEDED',
    exit: exit.refused,
    message: `There is no plain yes to '${questionWords(question)}': say which answer you mean.\n${commands(agent, question)}`,
    hint: `swarm approve ${shellWord(agent)} 1`,
    details: { question },
  });
}

/** The answers, each with what to type for it. */
function commands(agent: string, { options }: Question): string {
  const typed = options.map((_, index) => `swarm approve ${shellWord(agent)} ${index + 1}`);
  return options.map(({ label }, index) => `  ${typed[index]}   ${oneLine(label, 100)}`).join('\n');
}

function nothingToChoose(agent: string, question: Question): UserError {
  const limit = question.kind === 'rate-limit';
  return new UserError({
    code: 'OPTION_NEEDED',
    exit: exit.refused,
    message: `${agent} waits (${questionWords(question)}), and ${limit ? 'nothing that could be pressed ends that' : 'its answers are not to be read on its screen'}.`,
    hint: limit ? `swarm status ${shellWord(agent)}` : `swarm attach ${shellWord(agent)}`,
    details: { question },
  });
}
