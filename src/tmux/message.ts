import { oneLine } from '../lib/text.ts';
import type { TmuxClient } from './client.ts';

/** Milliseconds for which a message is shown. */
const SHOWN_FOR = 4000;

/** Shows a line in a client's status line (null: the one used last). Nothing in it is a format or a date to tmux. */
export async function showMessage(client: TmuxClient, to: string | null, text: string): Promise<void> {
  const harmless = oneLine(text).replaceAll('#', '##').replaceAll('%', '%%');
  const target = to === null ? [] : ['-c', to];
  await client.try([['display-message', ...target, '-d', String(SHOWN_FOR), '--', harmless]]);
}
