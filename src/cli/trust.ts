import { oneLine } from '../lib/text.ts';
import type { ConsentItem } from '../workspace/consent.ts';
import { renderItem, visible } from '../workspace/consent-text.ts';
import type { TrustState } from '../workspace/trust.ts';
import { confirm } from './confirm.ts';
import { canAsk, narrate } from './output.ts';

/** How `swarm trust` asks: shows every command, then takes `--yes` or an answer. Null where there is no terminal. */
export function trustAsker(yes: boolean): ((items: readonly ConsentItem[]) => Promise<boolean>) | null {
  if (!canAsk(false)) return null;
  return async (items) => {
    narrate("The repository's config names these commands:\n");
    for (const item of items) narrate(`${renderItem(item)}\n`);
    return yes || (await confirm('Approve them, for as long as they stay as they are?', false)) === true;
  };
}

/** What was just approved, in a sentence. */
export function renderApproved(items: readonly ConsentItem[]): string {
  if (items.length === 0) return "Nothing in this repository's config waits for your consent.";
  return `Approved: ${items.map(({ key }) => key).join(', ')}`;
}

/** Consents given, then what waits for one. */
export function renderTrust({ consents, pending }: TrustState): string {
  if (consents.length + pending.length === 0) return "Nothing in this repository's config needs your consent.";
  const line = (state: string, key: string, commands: readonly string[]) =>
    `${state.padEnd(9)} ${key.padEnd(20)} ${commands.map((command) => oneLine(visible(command), 80)).join('; ')}`;
  return [
    ...consents.map(({ key, commands, current }) => line(current ? 'approved' : 'obsolete', key, commands)),
    ...pending.map(({ key, commands }) => line('waits', key, commands)),
  ].join('\n');
}
