import { exit, UserError } from '../lib/errors.ts';

/** The words that belong to swarm: those before a lone `--`, which begins another program's. */
function ownWords(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end === -1 ? words : words.slice(0, end);
}

/** Whether JSON was asked for; known even when nothing else of the line makes sense. */
export function wantsJson(words: readonly string[]): boolean {
  return ownWords(words).includes('--json');
}

export function wantsHelp(words: readonly string[]): boolean {
  return ownWords(words).some((word) => word === '--help' || word === '-h');
}

/** Tells the flags that every command has and that stand before the command (`-C dir ls`) from the command's own words. */
export function splitGlobals(words: readonly string[]): { globals: string[]; words: string[] } {
  const globals: string[] = [];
  const rest = [...words];
  for (let word = rest[0]; word?.startsWith('-'); word = rest[0]) {
    rest.shift();
    if (word === '-C' || word === '--cd') globals.push(word, ...rest.splice(0, 1));
    else if (word === '--version' || word === '-V') rest.unshift('version');
    else if (/^(?:--json|-h|--help|-C.+|--cd=.*)$/.test(word)) globals.push(word);
    else throw unknownFlag(word);
  }
  return { globals, words: rest };
}

/** Puts flags that every command has behind the second word: `config --json show` is `config show --json`. */
export function joinWords([first = '', ...words]: readonly string[]): string[] {
  let flags = 0;
  for (; /^(?:--json|-C|--cd|-C.+|--cd=.*)$/.test(words[flags] ?? ''); flags++) {
    if (/^(?:-C|--cd)$/.test(words[flags] ?? '')) flags++;
  }
  return [first, ...words.slice(flags, flags + 1), ...words.slice(0, flags), ...words.slice(flags + 1)];
}

function unknownFlag(word: string): UserError {
  return new UserError({
    code: 'USAGE',
    exit: exit.usage,
    message: `'${word}' can't stand before the command. Only --json, -C DIR, --help and --version can.`,
    hint: 'swarm --help',
    details: { flag: word },
  });
}
