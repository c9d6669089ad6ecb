import { beforeEach, describe, expect, it } from 'vitest';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';
import { useTerminal } from './terminal.ts';

describe('tmux.session', () => {
  const world = useWorld({ files: { '.gitignore': 'swarm.local.yaml\n' } });
  const terminal = useTerminal(world);
  const configure = (session: string, rest = '') =>
    world.write('swarm.local.yaml', `tmux: {session: '${session}'${rest}}\n`);
  const windows = async (session: string) =>
    (await world.tmux(['list-windows', '-t', `=${session}`, '-F', '#{window_index} #{window_name}'])).stdout;

  describe('current', () => {
    beforeEach(() => {
      configure('current');
    });

    it("puts windows beside the person's own, and leaves them there", async () => {
      await terminal.open();
      await terminal.type(`tmux -L ${world.socket} new-session -s mine /bin/sh`);
      await terminal.shows(/\[mine\]/);
      const made = await terminal.run('swarm spawn a b --agent scripted --no-wait');
      expect(made.exitCode).toBe(0);
      expect(await windows('mine')).toMatch(/^0 \w+\n1 worker-[12] [ab]\n2 worker-[12] [ab]\n$/);
      const { agents } = await call(world, 'ls', ['ls']);
      expect(agents.map(({ tmux }) => tmux.session)).toEqual(['mine', 'mine']);
      // Nothing of the person's is changed.
      const { stdout } = await world.tmux(['show-options', '-t', '=mine:0', '-wv', 'remain-on-exit']);
      expect(stdout.trim()).toBe('');

      // From outside, an agent comes back in a session of swarm's own.
      await call(world, 'revive', ['restart', 'worker-1']);
      expect(await windows('swarm-app')).toContain('worker-1 a');
      expect((await world.swarm(['rm', 'worker-1', 'worker-2', '--force'])).exitCode).toBe(0);
      expect(await windows('mine')).toMatch(/^0 \w+\n$/);
    });

    it('has a session of its own outside tmux', async () => {
      expect(await spawnOne(world, ['a'])).toMatchObject({ tmux: { session: 'swarm-app' } });
    });

    it('is refused inside another tmux server before anything is made', async () => {
      await terminal.open({ inTmux: true });
      const { exitCode, screen } = await terminal.run('swarm spawn a --agent scripted');
      expect(exitCode).toBe(4);
      expect(screen).toContain('inside another tmux server');
      expect((await call(world, 'ls', ['ls'])).agents).toEqual([]);
    });
  });

  it('is a name of choice, which may hold that of the repository, made fit for tmux', async () => {
    configure('my.{{repo}}', ", window: '{{repo}}/{{cli}}: {{ticket}} on {{branch}}'");
    expect(await spawnOne(world, ['a'])).toMatchObject({ tmux: { session: 'my_app' } });
    expect(await windows('my_app')).toBe('0 app/scripted: a on a\n');
    configure('my {{ticket}}');
    expect(await refused(world, ['spawn', 'b'], 2)).toMatchObject({
      code: 'BAD_CONFIG',
      message: expect.stringContaining('{{repo}}'),
    });
  });

  it("never joins a session that is somebody else's, whatever its name", async () => {
    await world.tmux(['new-session', '-d', '-s', 'team', 'sleep', '100']);
    configure('team');
    expect(await spawnOne(world, ['a'])).toMatchObject({ tmux: { session: 'team-2' } });
    expect(await windows('team')).toBe('0 sleep\n');
  });
});
