import type { Session } from '../agents/session.ts';
import { boardOf } from '../board/context.ts';
import { listTasks } from '../board/tasks/read.ts';
import { oneLine } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';
import { commitsOf, type Work } from './message.ts';

export interface PullText {
  readonly title: string;
  readonly body: string;
}

/** Characters of a title that people see whole in a list. */
const WIDTH = 72;

/** Title and body of a pull request: from the tasks that the agent did, and its commits. The same work gives the same text. */
export async function pullText(session: Session, row: AgentRow, work: Work): Promise<PullText> {
  const tasks = await listTasks(boardOf(session), { status: ['claimed', 'done'], claimedBy: row.id });
  const commits = await commitsOf(session, work);
  const [task] = tasks;
  const [only] = commits;
  const name = row.ticket ?? row.branch ?? row.name;
  const single = commits.length === 1 && only !== undefined;
  const subject = single ? only.subject : `${name}: ${only?.subject ?? row.name}`;
  const title =
    task !== undefined && tasks.length === 1 ? (task.description.trim().split('\n')[0] ?? subject) : subject;
  const parts = [
    ...tasks.map(({ description, result }) =>
      [description.trim(), result?.summary.trim() ?? ''].filter(Boolean).join('\n\n'),
    ),
    single ? withoutSubject(only.body) : commits.map((one) => `- ${one.subject}`).join('\n'),
  ];
  // What the title says whole need not be said again.
  const body = parts.filter((part) => part !== '' && part !== title).join('\n\n');
  return { title: oneLine(title, WIDTH), body: body === '' ? '' : `${body}\n` };
}

const withoutSubject = (message: string): string => message.trim().split('\n').slice(1).join('\n').trim();

/** As one text to edit: the title, an empty line, the body. */
export const asText = ({ title, body }: PullText): string => `${title}\n\n${body}`;

/** The other way round; null when no title is left. */
export function fromText(text: string): PullText | null {
  const [title = '', ...rest] = text.trim().split('\n');
  const body = rest.join('\n').trim();
  return title.trim() === '' ? null : { title: title.trim(), body: body === '' ? '' : `${body}\n` };
}
