import { dirname, join } from 'node:path';
import { eventWords } from '../agents/event-words.ts';
import type { LogLine } from '../agents/log/log.ts';
import { archivedEvents } from '../agents/retention/archive.ts';
import type { Session } from '../agents/session.ts';
import { toolLine } from '../agents/tools/line.ts';
import type { ToolRecord } from '../agents/tools/record.ts';
import { parseDuration } from '../lib/duration.ts';
import { exit, UserError } from '../lib/errors.ts';
import { oneLine } from '../lib/text.ts';
import { narrate, paint, printJson, printText } from './output.ts';
import { clock } from './times.ts';

/** Columns of the usual names and types; longer ones move what follows to the right. */
const WHO = 10;
const TYPE = 14;

/** What calls for somebody's eyes. */
const TROUBLE = /^(?:task-failed|spawn-undone|supervisor-trouble|config-refused|hook-skipped|message-unknown)$/u;
const ASKING = /^(?:question|answer)$/u;

/** The history for people, a line for each event; an agent's tool calls in short, those that ended well left out. */
export function renderLog(lines: readonly LogLine[]): string {
  return lines.flatMap((line) => lineOf(line) ?? []).join('\n');
}

/** Shows lines as they come; with `json` a document for each. */
export function showLog(json: boolean): (lines: readonly LogLine[]) => void {
  return (lines) => {
    if (json) for (const event of lines) printJson({ event });
    else printText(renderLog(lines));
  };
}

/** Says where the events are that are not in the database any more, to who asked for all since then; null: for all. */
export function tellOlder(session: Pick<Session, 'repo'>, since: string | null): void {
  const last = archivedEvents(session).at(-1);
  const month = last === undefined ? null : /(\d{4}-\d\d)\.jsonl$/.exec(last)?.[1];
  if (last === undefined || (since !== null && since.slice(0, 7) > (month ?? ''))) return;
  narrate(`Older events are in ${join(dirname(last), 'events-*.jsonl')}, a line each.`);
}

/** Reads `10m` as ten minutes ago, and whatever else names a time: ISO 8601. @throws UserError exit 2 */
export function sinceWhen(text: string, now = Date.now()): string {
  const duration = parseDuration(text);
  const at = duration === null ? Date.parse(text) : now - duration;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new UserError({
    code: 'BAD_TIME',
    exit: exit.usage,
    message: `--since is neither a duration nor a time: '${text}'. Expected 10m, 2h, 2026-11-20 or 2026-11-20T10:00:00Z.`,
    hint: 'swarm log --since 1h',
  });
}

function lineOf({ id, at, agent, type, data }: LogLine): string | null {
  const time = paint('dim', clock(at));
  if (id === null) {
    const words = toolLine(data as unknown as ToolRecord);
    return words === null ? null : `${time}  ${words}`;
  }
  const who = oneLine(agent ?? 'swarm').padEnd(WHO);
  const colour = TROUBLE.test(type) ? 'red' : ASKING.test(type) ? 'yellow' : type === 'status' ? 'blue' : 'cyan';
  return `${time}  ${who}  ${paint(colour, oneLine(type).padEnd(TYPE))}  ${eventWords(type, data)}`.trimEnd();
}
