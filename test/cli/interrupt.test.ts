import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFolder, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const fixture = join(root, 'test/cli/fixtures/interrupted.ts');

describe('Ctrl-C', () => {
  const world = useWorld();

  /** A program that waits, with or without something to put in order; sent SIGINT once it says that it is ready. */
  async function interrupt(mode: 'plain' | 'orderly' | 'stubborn', times: number) {
    const program = start([join(nodeFolder, 'node'), fixture, mode], { cwd: world.dir, env: world.env });
    for (let time = 1; time <= times; time++) {
      await waitFor(
        (see) => (see(program.stdout()).includes(time === 1 ? 'ready' : 'aborted') ? true : null),
        'its word',
      );
      process.kill(program.pid, 'SIGINT');
    }
    return program.result;
  }

  it('ends the program at once and silently', async () => {
    expect(await interrupt('plain', 1)).toMatchObject({ exitCode: 130, signal: null, stdout: 'ready\n', stderr: '' });
  });

  it('lets work put things in order, and says nothing about what failed by it', async () => {
    const ended = await interrupt('orderly', 1);
    expect(ended).toMatchObject({ exitCode: 130, stdout: 'ready\naborted\nin order\n', stderr: '' });
  });

  it('a second time ends it at once', async () => {
    expect(await interrupt('stubborn', 2)).toMatchObject({ exitCode: 130, stdout: 'ready\naborted\n', stderr: '' });
  });
});
