import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BugError } from './errors.ts';

/** Root of the installed program: where bin/, dist/, hooks/ and templates/ lie. Works from the sources and from the bundle. */
export function programRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'bin', 'run.js'))) {
    if (folder === dirname(folder)) throw new BugError(`no bin/run.js above ${fileURLToPath(import.meta.url)}`);
    folder = dirname(folder);
  }
  return realpathSync(folder);
}

/** The installed program's version. */
export function programVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(programRoot(), 'package.json'), 'utf8'));
  return version;
}
