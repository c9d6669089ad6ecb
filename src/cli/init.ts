import type { Initialised } from '../workspace/init.ts';
import { paint } from './output.ts';

/** What was written, what of it is fitted to the repository, and what to type next. */
export function renderInit(path: string, found: Initialised['found'], next: string): string {
  const fitted = [
    ['files.copy', found.copy],
    ['files.exclude', found.exclude],
    ['hooks.post_create', found.postCreate],
    ['dev.command', found.dev === null ? [] : [found.dev]],
  ] as const;
  const lines = fitted.flatMap(([key, values]) =>
    values.map((value, index) => `  ${(index === 0 ? key : '').padEnd(17)}  ${value}`),
  );
  const how = lines.length === 0 ? 'all keys with their defaults, each with a comment' : 'fitted to this repository:';
  return [
    `${paint('green', '✓')} wrote ${path}, ${how}`,
    ...lines,
    `${paint('cyan', '→')} read it, change what you like, commit it, then: ${next}`,
  ].join('\n');
}
