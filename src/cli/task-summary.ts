import { exit, UserError } from '../lib/errors.ts';
import { oneLine, shellWord } from '../lib/text.ts';

/** What was done, in words or by `--summary`; '' for neither. @throws UserError exit 2 when they say different things. */
export function summaryOf(task: string, words: string | undefined, flag: string | undefined): string {
  if (words === undefined || flag === undefined || words === flag) return words ?? flag ?? '';
  throw new UserError({
    code: 'TWO_SUMMARIES',
    exit: exit.usage,
    message: `What was done is said twice: '${oneLine(words, 40)}', and --summary '${oneLine(flag, 40)}'. Expected one of them.`,
    hint: `swarm task complete ${shellWord(task)} ${shellWord(oneLine(words, 60))}`,
    details: { task },
  });
}
