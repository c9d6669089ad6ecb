import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFolder, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const argv = [join(nodeFolder, 'node'), join(root, 'test/cli/fixtures/asks.ts')];

describe('a question', () => {
  const world = useWorld();

  /** Answers the question on a real terminal with these keys; what is on the screen at the end, and the exit code. */
  async function answer(...keys: string[]): Promise<string> {
    const asking = [...argv.map((word) => `'${word}'`), ';', 'echo', 'code: $?;', 'exec sleep 600'].join(' ');
    expect((await world.tmux(['new-session', '-d', '-s', 'asks', asking])).stderr).toBe('');
    const screen = async () => (await world.tmux(['capture-pane', '-p', '-t', 'asks'])).stdout;
    await waitFor(
      async (see) => (see(await screen()).includes('Remove worker-1? [y/N]') ? true : null),
      'the question',
    );
    await world.tmux(['send-keys', '-t', 'asks', ...keys]);
    return waitFor(async (see) => (see(await screen()).includes('code: ') ? screen() : null), 'an answer');
  }

  it.each([
    ['yes', ['y', 'Enter'], 'answer: true\ncode: 0'],
    ['no, by default', ['Enter'], 'answer: false\ncode: 0'],
    ['no, for anything else', ['s', 'u', 'r', 'e', 'Enter'], 'answer: false\ncode: 0'],
    ['no, at the end of input', ['C-d'], 'answer: false\ncode: 0'],
    ['neither, for Ctrl-C', ['C-c'], 'code: 130'],
  ])('is answered: %s', async (_, keys, shown) => {
    expect(await answer(...keys)).toContain(shown);
  });

  it('is not asked where nobody can answer', async () => {
    const piped = start(argv, { cwd: world.dir, env: world.env, input: 'y\n' });
    expect(await piped.result).toMatchObject({ stdout: 'answer: null\n', stderr: '' });
  });
});
