import { factsOf } from '../../board/messages/payload.ts';
import type { Message } from '../../board/messages/types.ts';
import { numberedOptions } from '../../board/options.ts';
import type { Task } from '../../board/tasks/types.ts';
import type { Entry, QueuedText } from '../board.ts';
import { rowsOf } from './draft.ts';
import { clock } from './log.ts';
import { type Line, pad, span } from './span.ts';

/** Columns of a fact's name. */
const NAME = 9;

/** All that there is to know of an entry of the board. */
export function entryDetails(entry: Entry, width: number): readonly Line[] {
  switch (entry.kind) {
    case 'task':
      return taskLines(entry.task, width);
    case 'prompt':
      return promptLines(entry.prompt, width);
    case 'question':
    case 'message':
      return messageLines(entry.message, width);
  }
}

function taskLines(task: Task, width: number): Line[] {
  const { id, status, priority, claimedBy, attempt, leaseUntil, result } = task;
  const holder =
    claimedBy === null
      ? null
      : `${claimedBy}, attempt ${attempt}${leaseUntil === null ? '' : `, until ${clock(leaseUntil)}`}`;
  return [
    [span(` ${id}`, { bold: true }), span(`  ${status}, priority ${priority}`, { dim: true })],
    ...words(task.description, width),
    [],
    ...fact('why', task.reason, width),
    ...fact('by', holder, width),
    ...fact('after', task.dependencies.join(', '), width),
    ...fact('files', [...new Set([...task.scope, ...task.context.files])].join(', '), width),
    ...fact('needs', task.needs.join(', '), width),
    ...fact('hints', task.context.hints, width),
    ...fact('result', result === null ? null : `${result.summary} (${result.by})`, width),
    ...fact('commit', result?.commit ?? null, width),
    ...fact('made', `${clock(task.createdAt)} by ${task.createdBy}`, width),
    ...fact('changed', clock(task.updatedAt), width),
  ];
}

function messageLines(message: Message, width: number): Line[] {
  const { from, to, type, priority, state, evidence, text, taskId, createdAt } = message;
  const options = numberedOptions(message).map(({ number, text }) => `${number ?? '-'} ${text}`);
  const facts = factsOf(message);
  const data = Object.keys(facts).length === 0 || type === 'QUESTION' ? null : JSON.stringify(facts);
  return [
    [span(` ${from} → ${to}`, { bold: true }), span(`  ${type}, ${priority}`, { dim: true })],
    ...words(text, width),
    ...options.flatMap((option) => words(`  ${option}`, width)),
    [],
    ...fact('state', `${state}${evidence === null ? '' : `, by ${evidence}`}`, width),
    ...fact('task', taskId, width),
    ...fact('data', data, width),
    ...fact('sent', clock(createdAt), width),
  ];
}

function promptLines({ name, text, reason }: QueuedText, width: number): Line[] {
  return [[span(` for ${name}`, { bold: true })], ...words(text, width), [], ...fact('why', reason, width)];
}

function words(text: string, width: number): Line[] {
  const rows = text.split('\n').flatMap((line) => rowsOf(span(line).text, Math.max(10, width - 2)));
  return rows.map((row) => [span(` ${row.text}`)]);
}

function fact(name: string, value: string | null, width: number): Line[] {
  if (value === null || value === '') return [];
  const rows = rowsOf(span(value).text, Math.max(10, width - NAME - 2));
  return rows.map((row, index) => [span(` ${pad(index === 0 ? name : '', NAME)}`, { dim: true }), span(row.text)]);
}
