import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SLOW } from '../crash/support.ts';
import { call, shows, spawnOne } from '../e2e/support.ts';
import { writeScript } from '../support/hostile.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('the supervisor at the merge queue', () => {
  const world = useWorld({ files: { 'shared.txt': 'one\n' } });
  const list = () => call(world, 'queue', ['queue', 'list']);
  const gone = () => waitFor(async (see) => (see(await list()).queue.length === 0 ? true : null), 'its turn', 120_000);
  const config = (text: string) => world.write(join(world.home, '.config', 'swarm', 'config.yaml'), text);
  afterEach(() => world.swarm(['down']));

  /** Worker-1 rests with a commit. */
  const atRest = async () => {
    const { worktree } = await spawnOne(world, ['t-1', '--no-wait']);
    writeFileSync(join(worktree ?? '', 'shared.txt'), 'one of a\n');
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'change'], worktree ?? '');
    await world.swarm(['wait', 'worker-1']);
  };

  it('is worked off by a supervisor that a merge in it starts', SLOW, async () => {
    await atRest();
    const { stderr } = await world.swarm(['queue', 'add', 'worker-1']);
    expect(stderr).toContain('a supervisor keeps watch from now on');
    await gone();
  });

  it('tells an agent of its rework, though nobody kept watch', SLOW, async () => {
    await atRest();
    writeFileSync(join(world.repo, 'shared.txt'), 'one of mine\n');
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'mine']);
    const { exitCode, stderr } = await world.swarm(['merge', 'worker-1', '--rework']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('a supervisor keeps watch from now on'),
    });
    await shows(world, 'worker-1', 'Rebase t-1 onto main');
  });

  it('goes on after it was ended while a gate ran', SLOW, async () => {
    const go = join(world.home, 'go');
    const gate = `touch '${go}.runs'; until [ -e '${go}' ]; do sleep 0.05; done`;
    config(`merge: { gate: ${JSON.stringify(gate)} }\n`);
    await atRest();
    await call(world, 'up', ['up']);
    await call(world, 'queue', ['queue', 'add', 'worker-1']);
    await waitFor(() => (existsSync(`${go}.runs`) ? true : null), 'the gate', 60_000);
    await call(world, 'down', ['down']);
    const { queue, paused } = await list();
    expect({ paused, queue }).toMatchObject({ paused: null, queue: [{ state: 'queued', reason: null }] });
    writeFileSync(go, '');
    await call(world, 'up', ['up']);
    await gone();
  });

  it(
    'runs no gate while a person’s file is in the way, says so once, and merges when it is put away',
    SLOW,
    async () => {
      const gate = join(world.home, 'gate');
      const told = join(world.dir, 'told');
      writeScript(join(world.bin, 'notify-send'), `printf '<%s>' "$@" >> '${told}'`);
      config(`merge: { gate: "echo ran >> '${gate}'" }\nnotify: { bell: false, desktop: true }\n`);
      await atRest();
      writeFileSync(join(world.repo, 'shared.txt'), 'one of mine\n');
      await call(world, 'up', ['up']);
      await call(world, 'queue', ['queue', 'add', 'worker-1']);
      const words = 'worker-1 can’t be merged into main yet'.replace('’', "'");
      const read = () => (existsSync(told) ? readFileSync(told, 'utf8') : '');
      await waitFor((see) => (see(read()).includes(words) ? true : null), words, 60_000);
      const { exitCode } = await world.swarm(['queue', 'run']);
      expect({ exitCode, ran: existsSync(gate) }).toEqual({ exitCode: 4, ran: false });
      await world.git(['checkout', '--quiet', 'shared.txt']);
      await gone();
      expect(readFileSync(gate, 'utf8')).toBe('ran\n');
      expect(read().split(words)).toHaveLength(2);
    },
  );
});
