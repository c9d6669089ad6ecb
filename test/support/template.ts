import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/process/run.ts';

/** Environment variable by which the run's set-up tells the workers where the template lies. */
export const TEMPLATE_VARIABLE = 'SWARM_TEST_TEMPLATE';

/** Makes the repository that every world's repository is a copy of: one commit on main. Once per run: five processes. */
export async function makeTemplate(): Promise<string> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'swarm-template-')));
  const env = {
    PATH: process.env['PATH'],
    HOME: dir,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
  };
  const git = async (...args: string[]) => {
    const { exitCode, stderr } = await run(['git', ...args], { cwd: dir, env });
    if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  };
  await git('init', '--quiet', '--template=', '--initial-branch=main');
  writeFileSync(join(dir, 'README.md'), '# app\n');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=First commit');
  return dir;
}

/** Copies the template to a folder that does not exist yet. */
export async function copyTemplate(to: string): Promise<void> {
  const made = process.env[TEMPLATE_VARIABLE];
  const from = made ?? (await makeTemplate());
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
  if (made === undefined) rmSync(from, { recursive: true });
}
