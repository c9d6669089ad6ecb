import { approveCommands, type ConsentDoor } from '../agents/consent.ts';
import { hookEnvironment } from '../agents/environment.ts';
import type { Session } from '../agents/session.ts';
import { oneLine } from '../lib/text.ts';
import { run } from '../process/run.ts';
import type { AgentRow } from '../store/schema.ts';
import { requireSameScripts } from '../workspace/hooks.ts';
import { typedMessage } from './message.ts';

export interface CheckpointDoor extends ConsentDoor {
  readonly tell: (line: string) => void;
}

/** Says what a commit of these files is called. */
export type MessageFor = (files: readonly string[]) => Promise<string>;

/** Milliseconds that `merge.checkpoint` may take. */
const TIMEOUT = 60_000;

/**
 * The message of a checkpoint: what was asked for, else what `merge.checkpoint` prints, else one made of the files'
 * names. A command that fails or says nothing stops no commit.
 * @throws UserError exit 2 for an empty one; exit 4 where the command lacks consent, at once, or when a script that it
 * runs is another one in the worktree than was approved.
 */
export async function messenger(
  session: Session,
  row: AgentRow,
  wanted: string | null,
  door: CheckpointDoor | null,
): Promise<MessageFor> {
  if (wanted !== null) {
    const message = typedMessage(wanted);
    return async () => message;
  }
  const approved = door === null ? null : await approveCommands(session, ['merge.checkpoint'], door);
  const [command] = approved?.lines('merge.checkpoint') ?? [];
  if (door === null || approved === null || command === undefined) return async (files) => fallback(row, files);
  return async (files) => {
    const anyway = `swarm checkpoint ${row.name} --yes`;
    requireSameScripts(approved, 'merge.checkpoint', row.worktree ?? session.repo.root, anyway);
    return (await printed(session, row, command, files, door)) ?? fallback(row, files);
  };
}

/** What the command prints; it runs in the worktree and gets the names of the files, a line each. */
async function printed(
  session: Session,
  row: AgentRow,
  command: string,
  files: readonly string[],
  { tell }: CheckpointDoor,
): Promise<string | null> {
  const result = await run(['/bin/sh', '-c', command], {
    cwd: row.worktree ?? session.repo.root,
    env: hookEnvironment(session, row),
    input: files.map((file) => `${file}\n`).join(''),
    timeout: TIMEOUT,
  });
  const said = result.stdout.trim();
  if (result.exitCode === 0 && said !== '') return `${said}\n`;
  const how = result.timedOut
    ? `took longer than ${TIMEOUT / 1000} s`
    : `ended with ${result.exitCode ?? result.signal}`;
  tell(`merge.checkpoint ${how} and gave no message: ${oneLine(result.stderr, 300)}`);
  return null;
}

/** The same files give the same message. */
function fallback({ name, ticket }: AgentRow, files: readonly string[]): string {
  const names = files.toSorted();
  const shown = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `Checkpoint of ${ticket ?? name}: ${shown}${more}\n`;
}
