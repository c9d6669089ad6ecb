import { exit } from '../lib/errors.ts';
import { oneLine } from '../lib/text.ts';
import type { UpResult } from '../supervisor/up.ts';
import { paint, printJson, printText } from './output.ts';
import { ageOf } from './times.ts';

/** What `swarm up` came to, for people. */
export function renderUp({ supervisor, restored, failed, workers }: UpResult): string {
  const { pid, since, started } = supervisor;
  const words = started
    ? `The supervisor keeps watch (process ${pid}).`
    : `A supervisor has kept watch for ${ageOf(since)} (process ${pid}).`;
  return [
    ...restored.map(
      ({ agent, resumed }) =>
        `${paint('green', '✓')} ${agent} is back${resumed ? ' with its conversation' : ', without its conversation'}`,
    ),
    ...failed.map(({ agent, reason }) => `${paint('red', '✗')} ${agent} did not come back: ${oneLine(reason)}`),
    words,
    ...(workers ? ['Agents are added for tasks that nobody is free for (swarm up --no-workers ends that).'] : []),
  ].join('\n');
}

/** 1 when an agent did not come back. */
export const exitOfUp = ({ failed }: UpResult): number => (failed.length > 0 ? exit.failed : exit.done);

/** A line of what the supervisor does, with the time of the day, for its window. */
export function tellTimed(line: string): void {
  printText(`${new Date().toTimeString().slice(0, 8)}  ${oneLine(line, 500)}`);
}

/** The same for programs. */
export function tellJson(line: string): void {
  printJson({ at: new Date().toISOString(), line });
}
