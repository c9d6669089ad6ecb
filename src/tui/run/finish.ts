import { messageLines } from '../view/messages.ts';
import type { Store } from './store.ts';

/** Columns of a message that no view cuts off. */
const WIDE = 1000;

/** Lets what was begun come to its end after the person has left, and says on stderr what came of it. */
export async function finishJobs(store: Store, begun: ReadonlySet<Promise<void>>): Promise<void> {
  const { jobs } = store.model();
  if (jobs.length === 0) return;
  say(jobs.map(({ text }) => `… still ${text}`));
  let told = store.model().notice;
  const forget = store.subscribe(() => {
    const { notice } = store.model();
    if (notice === told || notice === null) return;
    told = notice;
    say(
      messageLines({ jobs: [], notice }, WIDE).map((line) =>
        line
          .map(({ text }) => text)
          .join('')
          .trim(),
      ),
    );
  });
  await Promise.allSettled(begun);
  forget();
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
}
