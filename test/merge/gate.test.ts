import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveCommands } from '../../src/agents/consent.ts';
import { agentById } from '../../src/agents/records.ts';
import { type GateRun, runGate } from '../../src/merge/gate.ts';
import { startOf } from '../../src/process/identity.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

describe('the gate', () => {
  const world = useWorld();
  /** Runs a command line as the gate, in a folder as it is. */
  async function gate(command: string, more: Partial<GateRun> = {}): ReturnType<typeof runGate> {
    world.write(join(world.home, '.config', 'swarm', 'config.yaml'), `merge: { gate: ${JSON.stringify(command)} }\n`);
    const { id } = await spawnOne(world, ['--no-wait', 't-1', '--another']);
    return withWorldSession(world, async (session) => {
      const row = await agentById(session.db, id);
      if (row === undefined) throw new Error('no such agent');
      const approved = await approveCommands(session, ['merge.gate'], { yes: false, ask: null });
      const where = { worktree: world.repo, into: 'main', commit: 'HEAD', operation: `gate of ${id}` };
      return runGate({ session, row, approved, ...where, tell: () => {}, ...more });
    });
  }

  it('leaves nothing running, also when it passes', async () => {
    const file = join(world.dir, 'pids');
    const passed = await gate(`sleep 777 & echo $! > '${file}'; setsid sleep 777 & echo $! >> '${file}'; true`);
    expect(passed).toMatchObject({ passed: true });
    const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    expect(pids.length).toBe(2);
    for (const pid of pids) expect(await startOf(pid)).toBeNull();
  });

  it('killed together with its merge, leaves nothing that anybody is told to adopt', async () => {
    const config = 'merge: { gate: "kill -9 $PPID" }\n';
    world.write(join(world.home, '.config', 'swarm', 'config.yaml'), config);
    const { name, worktree } = await spawnOne(world, ['t-1']);
    world.write(join(worktree ?? '', 'new.txt'), 'new\n');
    await call(world, 'checkpoint', ['checkpoint', name, '--now']);
    expect((await world.swarm(['merge', name, '--keep'])).signal).toBe('SIGKILL');
    expect(await world.git(['worktree', 'list'])).toContain('.merge-');
    const dry = await world.swarm(['repair', '--dry-run']);
    expect(dry.stdout).toContain(`merge of ${name}: was interrupted`);
    expect(dry.stdout).not.toContain('.merge-');
    expect((await world.swarm(['repair'])).exitCode).toBe(0);
    expect(await world.git(['worktree', 'list'])).not.toContain('.merge-');
  });

  it('says that it ran out of time, not that it failed', async () => {
    expect(await gate('trap "exit 0" TERM; while :; do sleep 0.05; done', { timeout: 300 })).toMatchObject({
      passed: false,
      reason: expect.stringContaining('ran out of time'),
    });
    expect(await gate('exit 3')).toMatchObject({ passed: false, reason: 'merge.gate failed on the merged tree' });
  });
});
