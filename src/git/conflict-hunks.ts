import type { Git } from './git.ts';

/** Characters that are shown of each file, and in all. */
const [MOST_OF_ONE, MOST] = [3000, 10_000] as const;

/** A commit, and what to call it. */
interface Side {
  readonly oid: string;
  readonly name: string;
}

/** Both sides of every place that git can't merge, as it would write them into the files. Reads only. */
export async function conflictHunks(git: Git, ours: Side, theirs: Side): Promise<string> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours.oid, theirs.oid];
  const { exitCode, stdout } = await git.try(args);
  if (exitCode !== 1) return '';
  const [tree = '', ...files] = stdout.split('\0').filter((field) => field !== '');
  let text = '';
  for (const file of files) {
    const { exitCode: shown, stdout: content } = await git.try(['cat-file', 'blob', `${tree}:${file}`]);
    const hunks = shown === 0 ? named(hunksOf(content), ours, theirs) : '';
    if (hunks !== '') text += `${file}:\n${hunks.slice(0, MOST_OF_ONE)}\n\n`;
    if (text.length > MOST) return `${text.slice(0, MOST)}\n…`;
  }
  return text.trimEnd();
}

/** git marks each side with what it was called by. */
function named(hunks: string, ...sides: readonly Side[]): string {
  return sides.reduce(
    (text, { oid, name }) => text.replace(new RegExp(`^(<{7}|>{7}) ${oid}`, 'gm'), (_, mark) => `${mark} ${name}`),
    hunks,
  );
}

/** The marked places of a file, each with the number of its first line. */
function hunksOf(content: string): string {
  const lines = content.split('\n');
  const hunks: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at]?.startsWith('<<<<<<< ')) continue;
    const end = lines.findIndex((line, index) => index > at && line.startsWith('>>>>>>> '));
    if (end < 0) break;
    hunks.push(`@ line ${at + 1}\n${lines.slice(at, end + 1).join('\n')}`);
    at = end;
  }
  return hunks.join('\n');
}
