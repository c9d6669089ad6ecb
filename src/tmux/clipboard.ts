import { tmuxClient } from './client.ts';
import { socketOf } from './sessions.ts';

/** The sequence that asks a terminal to take a text into its clipboard (OSC 52). */
export function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
}

/**
 * Gives a text to the clipboard of the terminal around the caller's tmux, and to tmux's own buffers: from inside a pane,
 * tmux keeps the sequence for itself. False outside of tmux, and where it has refused.
 */
export async function copyThroughTmux(env: NodeJS.ProcessEnv, text: string): Promise<boolean> {
  const socket = socketOf(env);
  if (socket === '') return false;
  const client = tmuxClient({ socket, env });
  const { problem } = await client.try([['load-buffer', '-w', '-']], text);
  return problem === null;
}
