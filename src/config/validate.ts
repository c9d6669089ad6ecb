import { readFileSync } from 'node:fs';
import { messageOf } from '../lib/errors.ts';
import { mergeFiles } from './layers.ts';
import { configError } from './problems.ts';

/** Checks one file as if it were a repository's swarm.yaml. @throws UserError (exit 2) with all that is wrong in it. */
export function validateFile(file: string): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw configError([{ file, line: null, key: null, message: `it can't be read: ${messageOf(error)}`, hint: null }]);
  }
  mergeFiles([{ layer: 'team', file, text, trusted: false }], {});
}
