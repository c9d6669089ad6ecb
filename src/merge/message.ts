import type { Session } from '../agents/session.ts';
import { git } from '../git/git.ts';
import { exit, UserError } from '../lib/errors.ts';
import { renderTemplate } from '../lib/template.ts';
import { stripControls } from '../lib/text.ts';
import type { AgentRow } from '../store/schema.ts';

/** Work that goes from `base` to `tip`. */
export interface Work {
  readonly base: string;
  readonly tip: string;
}

/**
 * A commit message that somebody typed, without control characters: `git log` shows it in a terminal.
 * @throws UserError exit 2 when nothing is left to read.
 */
export function typedMessage(text: string): string {
  const plain = stripControls(text).trimEnd();
  if (plain.trim() !== '') return `${plain}\n`;
  throw new UserError({
    code: 'EMPTY_MESSAGE',
    exit: exit.usage,
    message: 'The commit message is empty. Without one it is made of what is committed.',
    hint: 'Leave -m out, or: -m "What changes, and why"',
  });
}

/**
 * The message of the commit that brings work home: what was asked for, else what `merge.message` says, else a single
 * commit's own message, or the ticket with the subjects of its commits. The same work gives the same message.
 */
export async function mergeMessage(
  session: Session,
  row: AgentRow,
  work: Work,
  wanted: string | null,
  what: 'squash' | 'merge',
): Promise<string> {
  if (wanted !== null) return typedMessage(wanted);
  const commits = await commitsOf(session, work);
  const subjects = commits.map(({ subject }) => `- ${subject}`).join('\n');
  const template = session.config.merge.message;
  const name = row.ticket ?? row.branch ?? row.name;
  if (template !== null) {
    const values = {
      agent: row.name,
      ticket: row.ticket ?? '',
      branch: row.branch ?? '',
      task: row.task ?? '',
      subjects,
    };
    return ended(renderTemplate(template, values, 'merge.message'));
  }
  const [only] = commits;
  if (what === 'squash' && only !== undefined && commits.length === 1) return ended(only.body);
  const title = what === 'merge' ? `Merge ${name}` : `${name}: ${only?.subject ?? row.name}`;
  return ended(subjects === '' ? title : `${title}\n\n${subjects}`);
}

/** Its commits, the oldest first, without merges. */
export async function commitsOf(
  { repo }: Session,
  { base, tip }: Work,
): Promise<readonly { readonly subject: string; readonly body: string }[]> {
  const format = ['log', '--reverse', '--no-merges', '--no-show-signature', '--no-color', '--format=%s%x00%B%x00'];
  const text = await git(repo.root).run([...format, `${base}..${tip}`, '--']);
  const commits: { subject: string; body: string }[] = [];
  // Two fields each, also where a commit has no message; git begins a line between two commits.
  const fields = text.split('\0');
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [subject = '', body = ''] = [fields[at]?.replace(/^\n/, ''), fields[at + 1]];
    if (subject !== '') commits.push({ subject, body });
  }
  return commits;
}

const ended = (text: string) => `${text.trimEnd()}\n`;
