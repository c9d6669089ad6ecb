import { git } from '../../src/git/git.ts';
import { type Prediction, withoutSides } from '../../src/git/merge-tree.ts';

/** Merges for real, in a worktree of its own, and says what came of it in the words of a prediction. */
export async function realMerge(worktree: string, ours: string, theirs: string): Promise<Prediction> {
  const here = git(worktree);
  await here.run(['reset', '--quiet', '--hard', ours]);
  await here.run(['clean', '--quiet', '-ffdx']);
  const { exitCode, stdout, stderr } = await here.try(['merge', '--no-commit', '--no-ff', '--no-edit', theirs]);
  if (/Already up to date/.test(stdout)) return { state: 'nothing' };
  const text = await here.run(['ls-files', '--unmerged', '-z']);
  const files = [...new Set(text.split('\0').flatMap((line) => line.split('\t')[1] ?? []))].toSorted();
  if (exitCode !== 0 && files.length === 0) throw new Error(`${stdout}${stderr}`);
  if (exitCode !== 0) return { state: 'conflict', files: withoutSides(files, ['HEAD', theirs]) };
  return { state: 'clean', tree: (await here.run(['write-tree'])).trim(), forward: false };
}
