import { lstatSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entry, nodeFolder, start } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

describe('what swarm keeps', () => {
  const world = useWorld({
    files: { '.gitignore': 'swarm.local.yaml\n.env\n' },
  });

  /** Runs swarm as from a shell that lets everybody read and write what it makes, and starts servers that do. */
  async function careless(...words: string[]): Promise<void> {
    const swarm = [join(nodeFolder, 'node'), entry, ...words];
    const { result } = start(['/bin/sh', '-c', 'umask 0; exec "$@"', 'sh', ...swarm], {
      cwd: world.repo,
      env: world.env,
    });
    expect(await result, words.join(' ')).toMatchObject({ exitCode: 0 });
  }

  /** Files and folders below that others may touch. What was removed keeps its own modes, in a folder that is closed. */
  function open(folder: string): string[] {
    const stat = lstatSync(folder);
    if (stat.isDirectory() && /\/trash\/[^/]+$/.test(folder)) return [];
    const loose = !stat.isSymbolicLink() && (stat.mode & 0o077) !== 0;
    const below = stat.isDirectory() ? readdirSync(folder) : [];
    const name = `${relative(world.dir, folder)} ${(stat.mode & 0o777).toString(8)}`;
    return [...(loose ? [name] : []), ...below.flatMap((one) => open(join(folder, one)))];
  }

  const state = () => [join(world.repo, '.git', 'swarm'), world.env['SWARM_STATE_HOME'] ?? ''];

  it('is for its user alone, whatever the umask', async () => {
    world.write('.env', 'A=1\n');
    world.write(
      'swarm.local.yaml',
      `files: {copy: [.env]}
hooks: {post_create: [echo made], pre_remove: [echo going]}
tmux: {panes: [{command: sleep 600}]}
dev: {command: sleep 600}
`,
    );
    await careless('spawn', 't', '--agent', 'scripted', '-p', 'Hello');
    await careless('wait', 't');
    await careless('send', 't', 'Again');
    await careless('copy', 't');
    await careless('exec', 't', '--', 'true');
    expect(state().flatMap(open)).toEqual([]);
    await careless('pause', 't');
    await careless('resume', 't');
    await careless('rename', 'worker-1', 'api');
    await careless('spawn', 'u', '--agent', 'shell');
    await careless('fork', 'api', 'v', '-p', 'More');
    await careless('rm', 'worker-3', '--force');
    await careless('repair');
    expect(state().flatMap(open)).toEqual([]);
    await careless('restore', 'worker-3');
    await careless('restart', 'api', '--again');
    expect(state().flatMap(open)).toEqual([]);
  });

  it('leaves the modes of the work to its user', async () => {
    await careless('spawn', 't', '--agent', 'shell');
    const worktree = join(world.dir, 'app.worktrees', 'worker-1');
    expect((lstatSync(join(worktree, 'README.md')).mode & 0o777).toString(8)).toBe('666');
    await world.git(['commit', '--quiet', '--allow-empty', '--message', 'x'], worktree);
  });
});
