import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ensureSupervisor } from '../../src/supervisor/ensure.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const ensure = (world: World, env: Readonly<Record<string, string>> = {}, caller: 'terminal' | 'mcp' = 'terminal') =>
  withWorldSession(world, (session) => ensureSupervisor({ ...session, env: { ...session.env, ...env } }, caller));
/** Variables that the running supervisor hands to agents that it starts. */
const given = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');

describe('a command that needs a supervisor', () => {
  const world = useWorld();

  it('starts one where an agent lives and nobody has said down', async () => {
    expect(await ensure(world)).toEqual({ supervised: false, started: false, note: null });
    await spawnOne(world, ['t1']);
    const both = await Promise.all([ensure(world), ensure(world)]);
    expect(both.map(({ started }) => started).sort()).toEqual([false, true]);
    expect(both.map(({ supervised }) => supervised)).toEqual([true, true]);
    await call(world, 'down', ['down']);
    expect(await ensure(world)).toMatchObject({ supervised: false, note: expect.stringContaining('swarm up') });
    await call(world, 'up', ['up']);
    expect(await ensure(world)).toEqual({ supervised: true, started: false, note: null });
  });

  const agent = { SWARM_AGENT: 'worker-1', OF_THE_AGENT: '1' };

  it.each([
    ['an agent', agent, 'terminal'],
    ['an MCP client', { OF_THE_AGENT: '1' }, 'mcp'],
  ] as const)('gives one that %s brings up what a new window has', async (_who, own, caller) => {
    const value = 'a "b" $c `d` \\e\nPATH="f"; export PATH;';
    await call(world, 'spawn', ['spawn', '--agent', 'scripted', 't1'], { env: { OF_THE_SERVER: value } });
    const ensured = await ensure(world, own, caller);
    expect(ensured).toMatchObject({ supervised: true, started: true });
    const environment = given(Number(/process (\d+)/.exec(ensured.note ?? '')?.[1]));
    expect(environment).toContain(`OF_THE_SERVER=${value}`);
    expect(environment).toContain(`SWARM_STATE_HOME=${world.env['SWARM_STATE_HOME']}`);
    expect(environment.filter((line) => /^(?:OF_THE_AGENT|SWARM_AGENT)=/.test(line))).toEqual([]);
    expect(environment.find((line) => line.startsWith('PATH='))).toContain(world.bin);
  });

  it('never hands on the environment of the agent that calls, where a person had one', async () => {
    await spawnOne(world, ['t1']);
    const { supervisor } = await call(world, 'up', ['up'], { env: { OF_A_PERSON: '1' } });
    // It dies, and tmux has started it often enough.
    const panes = await world.tmux(['list-panes', '-a', '-F', '#{pane_pid} #{pane_id}']);
    const pane = panes.stdout.split('\n').find((line) => line.startsWith(`${supervisor.pid} `)) ?? '';
    await world.tmux(['set-option', '-p', '-t', pane.split(' ')[1] ?? '', '@swarm_respawns', '99']);
    process.kill(supervisor.pid, 'SIGKILL');
    const ensured = await waitFor(async (see) => {
      const result = see(await ensure(world, agent));
      return result.started ? result : null;
    }, 'another supervisor');
    const pid = Number(/process (\d+)/.exec(ensured.note ?? '')?.[1]);
    const environment = given(pid);
    expect(environment).toContain('OF_A_PERSON=1');
    expect(environment.filter((line) => line.startsWith('OF_THE_AGENT'))).toEqual([]);
  });
});
