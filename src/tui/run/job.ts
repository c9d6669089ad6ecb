import type { SpawnDoor } from '../../agents/spawn/request.ts';
import { messageOf, UserError } from '../../lib/errors.ts';
import { machineError } from '../../lib/machine-errors.ts';
import { oneLine } from '../../lib/text.ts';
import type { ConsentItem } from '../../workspace/consent.ts';
import { renderItem } from '../../workspace/consent-text.ts';
import type { Notice, Undo } from '../state.ts';
import type { Stage } from './stage.ts';

/** What came of a job: what is told, and what takes it back. */
export interface Outcome {
  readonly notice: Notice | null;
  readonly undo: Undo | null;
}

/** How a job narrates, and asks for consent. */
export type Door = SpawnDoor;

export const told = (message: string, hint: string | null = null): Notice => ({ level: 'info', message, hint });
export const wrong = (message: string, hint: string | null = null): Notice => ({ level: 'error', message, hint });
export const done = (message: string, undo: Undo | null = null): Outcome => ({ notice: told(message), undo });

/** What was thrown, for people. */
export function failureOf(thrown: unknown): Notice {
  const error = (thrown instanceof Error ? machineError(thrown) : null) ?? thrown;
  return error instanceof UserError ? wrong(error.message, error.hint) : wrong(messageOf(error), 'swarm doctor');
}

let jobs = 0;

/** Runs something beside the view, with a line that says so, until it has ended or failed. */
export async function inJob(stage: Stage, text: string, work: (door: Door) => Promise<Outcome>): Promise<void> {
  const id = ++jobs;
  stage.dispatch({ type: 'job', id, text });
  const tell = (line: string) => stage.dispatch({ type: 'job', id, text: `${text}: ${oneLine(line)}` });
  const ask = (items: readonly ConsentItem[]) => askConsent(stage, items);
  const { notice, undo } = await work({ tell, ask }).catch((error: unknown) => ({
    notice: failureOf(error),
    undo: null,
  }));
  stage.dispatch({ type: 'job-end', id, notice, undo });
  stage.looked();
}

/** Shows what the repository wants to run and asks; the default is No. */
function askConsent(stage: Stage, items: readonly ConsentItem[]): Promise<boolean> {
  const lines = items.flatMap((item) => renderItem(item).split('\n'));
  return stage.ask('The config of this repository wants to run:', lines, 'allow, for as long as it stays so');
}

/** The same work for several agents, side by side; what went well and what didn't is told together. */
export async function forEach<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  work: (item: T) => Promise<string>,
): Promise<Notice> {
  const results = await Promise.allSettled(items.map(work));
  const good = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const bad = results.flatMap((result, index) => {
    const item = items[index];
    return result.status === 'fulfilled' || item === undefined
      ? []
      : [{ name: nameOf(item), ...failureOf(result.reason) }];
  });
  const [first, ...others] = bad;
  if (first === undefined) return told(good.join('\n'));
  const lines = bad.map(({ name, message }) => (message.includes(name) ? message : `${name}: ${message}`));
  return wrong([...lines, ...good].join('\n'), others.length === 0 ? first.hint : null);
}
