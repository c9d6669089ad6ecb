import { linesOf } from './commands.ts';
import type { ConsentItem } from './consent.ts';

/** An item for programs. */
export function describeItem({ key, value, source, scripts }: ConsentItem) {
  const paths = scripts.map(({ path }) => path);
  return { key, commands: linesOf(value, key), file: source.file, line: source.line, scripts: paths };
}

/** An item for a person to judge: where it is, each command whole, the scripts that it runs. Nothing in it can hide. */
export function renderItem(item: ConsentItem): string {
  const { key, commands, file, line, scripts } = describeItem(item);
  const place = file === null ? '' : `  (${file}${line === null ? '' : `:${line}`})`;
  const lines = commands.map((command) => `  ${visible(command).replaceAll('\n', '\n    ')}`);
  const runs =
    scripts.length === 0 ? [] : [`  runs the repository's ${scripts.map(visible).join(', ')}: read that too`];
  return [`${key}${place}`, ...lines, ...runs].join('\n');
}

/** Control characters, and those that reorder or hide text, shown by their code: what is read is what would run. */
export function visible(text: string): string {
  return text.trimEnd().replace(/[^\P{C}\n\t]|[\u2028\u2029\u115f\u1160\u3164\uffa0]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
