import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/program.ts';

const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => /\.tsx?$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)));

/** Places, as `file:line`, whose code matches; lines that are comments don't count. */
function places(pattern: RegExp, allowed: readonly string[] = []): string[] {
  return files
    .filter((file) => !allowed.some((prefix) => file.startsWith(prefix)))
    .flatMap((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n');
      return lines.flatMap((line, index) =>
        pattern.test(line) && !/^\s*(?:\/\/|\*|\/\*)/.test(line) ? [`${file}:${index + 1}`] : [],
      );
    });
}

// A program of its own that plays an agent CLI.
const SCRIPTED = 'src/agents/scripted/';

describe('the source', () => {
  it('has one place that writes the answer, and few that narrate', () => {
    expect(places(/console\.\w+\(/, [SCRIPTED])).toEqual([]);
    expect(places(/process\.stdout\.write\(/, [SCRIPTED, 'src/cli/output.ts'])).toEqual([]);
    expect(
      places(/process\.stderr\.write\(/, [SCRIPTED, 'src/cli/', 'src/lib/log.ts', 'src/tui/run/finish.ts']),
    ).toEqual([]);
  });

  it('ends the process only where nothing is left to put in order', () => {
    expect(places(/process\.exit\(/, [SCRIPTED, 'src/main.ts', 'src/cli/interrupt.ts'])).toEqual([]);
  });

  it('throws errors that are the user’s or a bug, never neither', () => {
    expect(places(/throw new Error\(/, [SCRIPTED])).toEqual([]);
  });

  it('has files that fit a head', () => {
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 251);
    expect(long).toEqual([]);
  });

  it('has commands that only parse, call and print', () => {
    const long = files
      .filter((file) => file.startsWith('src/commands/'))
      .filter((file) => {
        const body = /\n {2}override async run\(\)[^\n]*\n([\s\S]*?)\n {2}\}/.exec(
          readFileSync(join(root, file), 'utf8'),
        );
        return (body?.[1] ?? '').split('\n').length > 36;
      });
    expect(long).toEqual([]);
  });
});
