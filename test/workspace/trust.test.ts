import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { poll } from '../../src/lib/poll.ts';
import { shellWord } from '../../src/lib/text.ts';
import { entry } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

interface State {
  consents: { key: string; commands: string[]; current: boolean }[];
  pending: { key: string; line: number }[];
}

describe('swarm trust', () => {
  const world = useWorld({ swarmYaml: 'hooks:\n  post_create:\n    - echo one\ndev: {command: ./dev.sh}\n' });

  const state = async () => (await world.swarm(['trust', '--list', '--json'])).jsonAs<State>();

  /** Runs swarm in a terminal: a pane of the world's own tmux server. */
  async function inTerminal(args: string[], answer: string | null, env = ''): Promise<string> {
    const command = `${env} ${shellWord(process.execPath)} ${shellWord(entry)} ${args.join(' ')}; echo "ended $?."; exec sleep 60`;
    await world.tmux(['kill-session', '-t', '=trust']);
    await world.tmux(['new-session', '-d', '-s', 'trust', '-x', '150', '-y', '40', '-c', world.repo, command]);
    const screen = (wanted: RegExp) =>
      poll(
        async () => {
          const { stdout } = await world.tmux(['capture-pane', '-p', '-t', '=trust:']);
          return wanted.test(stdout) ? stdout : null;
        },
        { timeout: 30_000 },
      );
    if (answer !== null) {
      expect(await screen(/\[y\/N\]/)).not.toBeNull();
      await world.tmux(['send-keys', '-t', '=trust:', answer, 'Enter']);
    }
    return (await screen(/ended \d+\./)) ?? '';
  }

  test('without a terminal nothing can be approved, with and without --yes; an empty answer is No', async () => {
    for (const args of [['trust'], ['trust', '--yes']]) {
      const refused = await world.swarm(args, { input: 'y\n' });
      expect(refused.exitCode).toBe(4);
      expect(refused.stderr).toContain('terminal');
    }
    const screen = await inTerminal(['trust'], '');
    expect(screen).toContain('ended 4.');
    expect((await state()).consents).toEqual([]);
  });

  test('shows each command with its place, asks, records; asks again after an edit; takes back', async () => {
    expect((await state()).pending).toMatchObject([
      { key: 'hooks.post_create', line: 2 },
      { key: 'dev.command', line: 4 },
    ]);
    writeFileSync(join(world.repo, 'dev.sh'), 'sleep 1\n');
    const screen = await inTerminal(['trust'], 'y');
    expect(screen).toMatch(/hooks\.post_create {2}\(.*swarm\.yaml:2\)\s+echo one/);
    expect(screen).toContain("runs the repository's dev.sh");
    expect(screen).toContain('Approved: hooks.post_create, dev.command');
    expect(screen).toContain('ended 0.');
    expect(await state()).toMatchObject({ pending: [], consents: [{ current: true }, { current: true }] });
    expect((await world.swarm(['trust'])).stdout).toContain('Nothing in this repository');

    writeFileSync(join(world.repo, 'dev.sh'), 'sleep 2\n');
    expect((await state()).pending).toMatchObject([{ key: 'dev.command' }]);
    expect(await inTerminal(['trust', '--yes'], null)).toContain('ended 0.');
    expect((await state()).pending).toEqual([]);

    expect((await world.swarm(['trust', '--revoke', 'hooks'])).stdout).toContain('taken back: 1');
    expect((await state()).pending).toMatchObject([{ key: 'hooks.post_create' }]);
    await world.swarm(['trust', '--revoke']);
    expect((await state()).consents).toEqual([]);
  });

  test('not from inside an agent’s window, terminal or not', async () => {
    const screen = await inTerminal(['trust', '--yes'], null, 'SWARM_AGENT=worker-1');
    expect(screen).toContain("Consent can't be given from inside an agent's window");
    expect(screen).toContain('ended 4.');
    expect((await state()).consents).toEqual([]);
  });

  test('--json is for --list only', async () => {
    expect((await world.swarm(['trust', '--json'])).exitCode).toBe(2);
  });
});

describe('a repository of nobody’s', () => {
  const world = useWorld();
  test('has nothing to approve; ports has nothing to show', async () => {
    expect((await world.swarm(['trust', '--list'])).stdout).toContain('needs your consent');
    expect((await world.swarm(['trust'])).exitCode).toBe(0);
    expect((await world.swarm(['ports'])).stdout).toBe('No ports are leased.\n');
    expect((await world.swarm(['ports', '--json'])).jsonAs<object>()).toEqual({ schema: 1, ports: [] });
  });
});
