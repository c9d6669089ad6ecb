import { createInterface } from 'node:readline/promises';
import { canAsk } from './output.ts';

/**
 * Asks a yes-or-no question; everything but a yes is a no. Null when nobody can be asked (no terminal, or `--json`):
 * the caller then refuses and names the flag that answers.
 */
export async function confirm(question: string, json: boolean): Promise<boolean | null> {
  if (!canAsk(json)) return null;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const interrupted = new AbortController();
  // The reader swallows Ctrl-C; give it its usual meaning, and take the end of input for a no.
  reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  reader.on('close', () => interrupted.abort());
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal: interrupted.signal });
    return /^\s*y(es)?\s*$/i.test(answer);
  } catch {
    process.stderr.write('\n');
    return false;
  } finally {
    reader.close();
  }
}
