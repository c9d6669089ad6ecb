import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exit, UserError } from '../lib/errors.ts';
import { wordsOfLine } from '../lib/text.ts';
import { inForeground } from './foreground.ts';

/**
 * A text as the user left it in their editor ($VISUAL, $EDITOR, vi).
 * @throws UserError exit 2 without a terminal, exit 130 when the editor ended with a failure.
 */
export async function editText(text: string, name: string, json: boolean, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-edit-'));
  const file = join(folder, name);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    // Split into words (`code --wait`), never given to a shell.
    const line = env['SWARM_EDITOR'] || env['VISUAL'] || env['EDITOR'] || 'vi';
    const code = await inForeground([...wordsOfLine(line), file], json);
    if (code === 0) return readFileSync(file, 'utf8');
    throw new UserError({
      code: 'EDITOR_FAILED',
      exit: exit.interrupted,
      message: `${line} ended with ${code}: nothing was done.`,
      hint: 'EDITOR=vi',
      details: { exitCode: code },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
