import { messageLines } from '../view/messages.ts';
import type { Store } from './store.ts';

/** Columns of a message that no view cuts off. */
const WIDE = 1000;

/** Lets what was begun come to its end after the person has left, and tells what came of it. */
export async function finishJobs(
  store: Store,
  begun: ReadonlySet<Promise<void>>,
  tell: (line: string) => void,
): Promise<void> {
  const { jobs } = store.model();
  if (jobs.length === 0) return;
  for (const { text } of jobs) tell(`… still ${text}`);
  let told = store.model().notice;
  const forget = store.subscribe(() => {
    const { notice } = store.model();
    if (notice === told || notice === null) return;
    told = notice;
    for (const line of messageLines({ jobs: [], notice }, WIDE))
      tell(
        line
          .map(({ text }) => text)
          .join('')
          .trim(),
      );
  });
  await Promise.allSettled(begun);
  forget();
}
