import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, startOf } from '../../src/process/identity.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const launch = (world: World) => join(world.repo, '.git/swarm/supervisor.launch');
const supervisor = async (world: World) => (await call(world, 'up', ['up'])).supervisor;

describe('a supervisor', () => {
  const world = useWorld();

  it('that is ended in its own window is wanted no more, and leaves no environment behind', async () => {
    await spawnOne(world, ['t1']);
    const { pid } = await supervisor(world);
    expect(existsSync(launch(world))).toBe(true);
    await world.tmux(['send-keys', '-t', 'supervisor', 'C-c']);
    const start = await startOf(pid);
    await waitFor(async () => ((await isAlive({ pid, start })) ? null : true), 'its end');
    expect(existsSync(launch(world))).toBe(false);
    expect((await refused(world, ['down'], 3)).code).toBe('NOT_RUNNING');
  });

  it('that hangs is not said to keep watch, is not believed, and can be ended', async () => {
    await spawnOne(world, ['t1']);
    const hanging = world.start(['up', '--foreground']);
    const beat = join(world.repo, '.git/swarm/supervisor.beat');
    await waitFor(async () => (existsSync(beat) ? true : null), 'its first sign of life');
    const { pid } = await supervisor(world);
    process.kill(pid, 'SIGSTOP');
    try {
      await waitFor(async (see) => {
        const result = await world.swarm(['up', '--json']);
        return see(result).stdout.includes('SUPERVISOR_HANGS') && result.exitCode === 1 ? true : null;
      }, 'the refusal');
      const read = async () => (await call(world, 'ls', ['ls'])).agents[0]?.git?.at;
      const [one, two] = [await read(), await read()];
      expect(one).not.toBe(two);
    } finally {
      await world.swarm(['down']);
    }
    expect((await hanging.result).exitCode).toBe(0);
  });

  it("of another machine is left alone, and so is whatever has its process's number here", async () => {
    const stranger = spawn('sleep', ['100']);
    try {
      const folder = join(world.repo, '.git/swarm/supervisor.lock');
      mkdirSync(folder, { recursive: true });
      const about = { pid: String(stranger.pid), start: '1', host: 'elsewhere', since: new Date().toISOString() };
      writeFileSync(join(folder, new URLSearchParams({ ...about, id: 'x' }).toString()), '');
      const { code, message, hint } = await refused(world, ['down'], 4);
      expect({ code, message, hint }).toEqual({
        code: 'SUPERVISED_ELSEWHERE',
        message: expect.stringContaining('runs on elsewhere'),
        hint: expect.stringContaining(`rm -r ${folder}`),
      });
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
      expect((await refused(world, ['up'], 1)).code).toBe('SUPERVISOR_HANGS');
    } finally {
      stranger.kill();
    }
  });
});
