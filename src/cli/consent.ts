import type { ConsentItem } from '../workspace/consent.ts';
import { renderItem } from '../workspace/consent-text.ts';
import { confirm } from './confirm.ts';
import { narrate } from './output.ts';

/** Shows what the repository wants to run and asks; the default is No. */
export async function askConsent(items: readonly ConsentItem[]): Promise<boolean> {
  narrate('The config of this repository wants to run:');
  for (const item of items) narrate(renderItem(item));
  return (await confirm('Allow these commands, now and for as long as they stay as they are?', false)) === true;
}
