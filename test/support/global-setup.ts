import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/process/run.ts';
import { nodeFolder, root } from './program.ts';
import { makeTemplate, SHARED_VARIABLE } from './template.ts';

/** Before all tests: the program is built, the template is made. After: the project's own files are as they were. */
export default async function setup(): Promise<() => Promise<void>> {
  if (isStale()) await build();
  const before = await workingTree();
  const shared = realpathSync(mkdtempSync(join(tmpdir(), 'swarm-shared-')));
  await makeTemplate(join(shared, 'repo'));
  process.env[SHARED_VARIABLE] = shared;
  return async () => {
    rmSync(shared, { recursive: true });
    const after = await workingTree();
    if (before !== after) {
      throw new Error(
        `The tests changed the project's own files (or you did, while they ran).\nBefore:\n${before}\nAfter:\n${after}`,
      );
    }
  };
}

/** Whether a source (or a folder of them: that is how a removed file shows) is newer than what was built. */
function isStale(): boolean {
  const built = ['dist/main.js', 'oclif.manifest.json'].map((file) => join(root, file));
  if (!built.every((file) => existsSync(file))) return true;
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
  return [join(root, 'package.json'), join(root, 'scripts/build.ts'), ...below(join(root, 'src'))].some(
    (file) => statSync(file).mtimeMs > oldest,
  );
}

function below(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
}

async function build(): Promise<void> {
  const { exitCode, stderr, stdout } = await run([join(nodeFolder, 'node'), 'scripts/build.ts'], { cwd: root });
  if (exitCode !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
}

/** What git sees changed in the project; empty where the project is no repository (an unpacked archive). */
async function workingTree(): Promise<string> {
  return (await run(['git', 'status', '--porcelain', '--untracked-files=all'], { cwd: root })).stdout;
}
