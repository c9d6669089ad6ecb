import { exit, UserError } from '../lib/errors.ts';

/** The words that belong to swarm: those before a lone `--`, which begins another program's. */
export function ownWords(words: readonly string[]): readonly string[] {
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

/** Moves the flags that every command has from before the command's name to behind it: `-C dir ls` → `ls -C dir`. */
export function commandFirst(words: readonly string[]): string[] {
  const flags: string[] = [];
  const rest = [...words];
  for (let word = rest[0]; word?.startsWith('-'); word = rest[0]) {
    rest.shift();
    if (word === '-C' || word === '--cd') flags.push(word, ...rest.splice(0, 1));
    else if (/^(?:--json|-h|--help|-C.+|--cd=.*)$/.test(word)) flags.push(word);
    else throw unknownFlag(word);
  }
  const [command, ...more] = rest;
  return command === undefined ? flags : [command, ...flags, ...more];
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
