import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/process/run.ts';

/** Environment variable by which the run's set-up tells the workers the folder of what all worlds share. */
export const SHARED_VARIABLE = 'SWARM_TEST_SHARED';

/** Makes the repository that every world's repository is a copy of: one commit on main. Once per run: three processes. */
export async function makeTemplate(dir: string): Promise<void> {
  mkdirSync(dir);
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
}

/** Copies the template to a folder that does not exist yet; makes it there where the run has no template. */
export async function copyTemplate(to: string): Promise<void> {
  const shared = process.env[SHARED_VARIABLE];
  if (shared === undefined) return makeTemplate(to);
  cpSync(join(shared, 'repo'), to, { recursive: true, preserveTimestamps: true });
}
