import { run } from '../../src/process/run.ts';

type Change = (n: number) => readonly string[];

/**
 * What a branch does to the common files, as lines of `git fast-import`: each kind meets others of its own kind and of the
 * others, so that every sort of conflict comes up, and merges that are clean although both sides touch the same file.
 */
const KINDS: Readonly<Record<string, Change>> = {
  clean: (n) => file(`own/${n}.txt`, `only of ${n}\n`),
  top: (n) => file('shared.txt', lines(30, { 2: `top of ${n}` })),
  bottom: (n) => file('shared.txt', lines(30, { 28: `bottom of ${n}` })),
  rename: () => ['R "moved.txt" "elsewhere/moved.txt"'],
  'rename otherwise': (n) => [`R "moved.txt" "elsewhere/moved-${n}.txt"`],
  'modify moved': () => file('moved.txt', lines(40, { 20: 'modified' })),
  delete: () => ['D moved.txt'],
  mode: () => file('script.sh', '#!/bin/sh\n', '100755'),
  'modify script': (n) => file('script.sh', `#!/bin/sh\necho ${n}\n`),
  'move folder': () => ['R "folder" "renamed"'],
  'add to folder': (n) => file(`folder/new-${n}.txt`, `new of ${n}\n`),
  binary: (n) => file('image.bin', `\u0001\u0002\u0000${n}`),
  'case only': () => ['R "Readme.md" "README.md"'],
  'modify readme': (n) => file('Readme.md', `readme of ${n}\n`),
  'folder for file': () => ['D place', ...file('place/inside.txt', 'inside\n')],
  'modify place': (n) => file('place', `place of ${n}\n`),
  submodule: (n) => [`M 160000 ${String(n % 10).repeat(40)} module`],
  same: () => file('both.txt', 'the same on both\n'),
  link: (n) => file('link', `target-${n}`, '120000'),
  'end of line': () => file('shared.txt', lines(30, {}).replaceAll('\n', '\r\n')),
};

/** A repository with so many branches `b0`, `b1`, … off one commit, each doing a thing of its kind. */
export async function makeBranches(dir: string, count: number): Promise<string[]> {
  await run(['git', 'init', '--quiet', '--initial-branch=main', dir], { cwd: '/' });
  const kinds = Object.values(KINDS);
  const base = [
    ...file('shared.txt', lines(30, {})),
    ...file('moved.txt', lines(40, {})),
    ...file('script.sh', '#!/bin/sh\n'),
    ...Array.from({ length: 6 }, (_, n) => file(`folder/${n}.txt`, lines(10, { 3: `file ${n}` }))).flat(),
    ...file('image.bin', '\u0001\u0002\u0000'),
    ...file('Readme.md', 'readme\n'),
    ...file('place', lines(20, {})),
    `M 160000 ${'f'.repeat(40)} module`,
  ];
  const names = Array.from({ length: count }, (_, n) => `b${n}`);
  const stream = [
    ...commit('refs/heads/main', 'base', null, base),
    ...names.flatMap((name, n) => {
      const first = kinds[n % kinds.length]?.(n) ?? [];
      // The second round of branches does two things each.
      const second = n < kinds.length ? [] : (kinds[(n + kinds.length / 2) % kinds.length]?.(n) ?? []);
      return commit(`refs/heads/${name}`, name, 'refs/heads/main', [...first, ...second]);
    }),
    'done',
  ];
  const { stderr, exitCode } = await run(['git', 'fast-import', '--quiet', '--done', '--force'], {
    cwd: dir,
    input: `${stream.join('\n')}\n`,
  });
  if (exitCode !== 0) throw new Error(stderr);
  return names;
}

const WHO = 'A <a@example.com> 1700000000 +0000';

function commit(ref: string, message: string, from: string | null, changes: readonly string[]): string[] {
  const parent = from === null ? [] : [`from ${from}`];
  return [`commit ${ref}`, `author ${WHO}`, `committer ${WHO}`, ...data(message), ...parent, ...changes, ''];
}

const data = (text: string): string[] => [`data ${Buffer.byteLength(text)}`, text];

function file(path: string, content: string, mode = '100644'): string[] {
  return [`M ${mode} inline ${path}`, ...data(content)];
}

function lines(count: number, changed: Readonly<Record<number, string>>): string {
  return Array.from({ length: count }, (_, n) => `${changed[n] ?? `line ${n}`}\n`).join('');
}
