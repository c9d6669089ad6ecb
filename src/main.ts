import { fileURLToPath } from 'node:url';
import { Config, run } from '@oclif/core';
import { renderError, toErrorDocument } from './cli/errors.ts';
import { printJson } from './cli/output.ts';

/** Runs the program with the words after its name; sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  // `swarm ls | head` is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    const config = await Config.load({ root: fileURLToPath(new URL('..', import.meta.url)) });
    await run([...args], config);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const { code, document } = toErrorDocument(error, '');
    if (args.includes('--json')) printJson({ error: document });
    else process.stderr.write(renderError(error, ''));
    process.exitCode = code;
  }
}
