import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import type { Check } from '../../src/cli/doctor/index.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { writeScript } from '../support/hostile.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const agentOf = async (world: World, name: string) => (await call(world, 'status', ['status', name])).agent;
const kill = (agent: Agent) => process.kill(agent.pid ?? 0, 'SIGKILL');

/** Waits until the agent is so; answers with it. */
const until = (world: World, name: string, what: string, is: (agent: Agent) => boolean) =>
  waitFor(async (see) => {
    const agent = see(await agentOf(world, name));
    return is(agent) ? agent : null;
  }, `${name} ${what}`);

describe('a crashed agent', () => {
  const world = useWorld();
  const configure = (yaml: string) => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', yaml);
  };

  it('is started again with its conversation, and nothing is typed', async () => {
    const log = join(world.dir, 'prompts');
    const agent = await spawnOne(world, ['t1', '-p', 'remember me', '--', '--log', log]);
    await world.swarm(['wait', '1']);
    await world.swarm(['task', 'add', 'work']);
    await world.swarm(['task', 'claim'], { env: { SWARM_AGENT: agent.name } });
    await call(world, 'up', ['up']);
    kill(agent);
    const back = await until(world, '1', 'is back', ({ restarts, status }) => restarts === 1 && status === 'idle');
    expect(back).toMatchObject({ worktree: agent.worktree, ports: agent.ports, sessionId: agent.sessionId });
    expect(back.pid).not.toBe(agent.pid);
    expect((await world.swarm(['capture', '1', '--lines', '100'])).stdout).toContain('remember me');
    expect(readFileSync(log, 'utf8').match(/remember me/g)).toHaveLength(1);
    // What it held it still holds, and is told to go on with.
    expect(back.task).toBe('task-001');
    const told = () => readFileSync(log, 'utf8').includes('You still hold task-001');
    await waitFor(() => (told() ? true : null), 'the word to go on');
  });

  it('is given up after too many times, and somebody hears of that once', async () => {
    configure('supervisor: { restarts: 2 }\nnotify: { bell: false, desktop: true }\n');
    const told = join(world.dir, 'told');
    writeScript(join(world.bin, 'notify-send'), `printf '%s\\n' "$@" >> '${told}'`);
    const script = world.write(join(world.dir, 'script.yaml'), 'start: [{ wait: 300ms }, crash]\n');
    await call(world, 'up', ['up']);
    await world.swarm(['spawn', 't1', '--agent', 'scripted', '--', '--script', script]);
    const failed = await until(
      world,
      '1',
      'is given up',
      ({ reason }) => reason?.includes('started again 2 times') ?? false,
    );
    expect(failed).toMatchObject({ status: 'failed', source: 'swarm', restarts: 2 });
    await waitFor(
      async (see) => (existsSync(told) && see(readFileSync(told, 'utf8')) ? true : null),
      'the notification',
    );
    await world.swarm(['down']);
    expect(readFileSync(told, 'utf8').match(/worker-1 has failed/g)).toHaveLength(1);
    // A person's restart wipes the slate.
    const again = await call(world, 'revive', ['restart', '1']);
    expect(again.agent.status).toBe('starting');
  });

  it('is no other: who was stopped, paused or ended by itself stays so', async () => {
    const script = world.write(join(world.dir, 'script.yaml'), 'default: [{ exit: 0 }]\n');
    for (const ticket of ['t1', 't2', 't3', 't4']) await spawnOne(world, [ticket, '--', '--script', script]);
    await world.swarm(['spawn', 't5', '--agent', 'shell']);
    await call(world, 'up', ['up']);
    await world.swarm(['stop', '1']);
    await world.swarm(['pause', '2']);
    await world.swarm(['send', '3', 'bye']);
    await world.swarm(['send', '5', 'exit 3']);
    await world.swarm(['wait', '5', '--for', 'exited']);
    kill(await agentOf(world, '4'));
    await until(world, '4', 'is back', ({ restarts }) => restarts === 1);
    const others = (await call(world, 'ls', ['ls'])).agents.filter(({ name }) => name !== 'worker-4');
    expect(others.map(({ restarts }) => restarts)).toEqual([0, 0, 0, 0]);
    expect(others.map(({ status }) => status)).toEqual(['exited', 'paused', 'exited', 'failed']);
  });

  it('is none that swarm ends itself, however many at once', async () => {
    // What it has started outlives it for a while: its window is seen dead long before anything else is done.
    const slow = "(trap '' HUP TERM; exec sleep 600) <&- >&- 2>&- & echo '> '; sleep 600";
    configure(`agents: { slow: { command: [sh, -c, ${JSON.stringify(slow)}], ready: '^> $' } }\n`);
    await call(world, 'spawn', ['spawn', 't1', 't2', 't3', 't4', '--agent', 'slow']);
    await call(world, 'up', ['up']);
    for (const commands of [
      ['restart', 'restart', 'restart', 'restart'],
      ['rm', 'rm', 'stop', 'pause'],
    ]) {
      const results = await Promise.all(commands.map((command, index) => world.swarm([command, `${index + 1}`])));
      for (const { exitCode, stderr } of results) expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      expect((await call(world, 'ls', ['ls'])).massDeath).toBeNull();
    }
    const { stdout } = await world.swarm(['log', '--json', '--type', 'mass-death,given-up,status,restart']);
    expect(stdout).not.toMatch(/mass-death|given-up|exited with status|was ended by/);
    // Those that a person has asked for.
    expect(stdout.match(/"type":"restart"/g)).toHaveLength(4);
  });

  it('is not started again when most of the team died with it; swarm up brings all back', async () => {
    const [told, hooked] = [join(world.dir, 'told'), join(world.dir, 'hooked')];
    configure(
      `notify: { bell: false, desktop: true }\nhooks: { on_failed: ['echo "<$SWARM_AGENT>" >> "${hooked}"'] }\n`,
    );
    writeScript(join(world.bin, 'notify-send'), `printf '%s\\n' "$@" >> '${told}'`);
    const said = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
    const agents: Agent[] = [];
    for (const ticket of ['t1', 't2', 't3', 't4', 't5']) agents.push(await spawnOne(world, [ticket, '-p', 'hello']));
    await call(world, 'up', ['up']);
    for (const agent of agents.slice(0, 3)) kill(agent);
    const paused = await waitFor(async (see) => see(await call(world, 'ls', ['ls'])).massDeath, 'the mass death');
    expect([...paused.names].sort()).toEqual(['worker-1', 'worker-2', 'worker-3']);
    expect((await world.swarm(['ls'])).stdout).toContain('swarm up brings them back');
    const { checks } = (await world.swarm(['doctor', '--json'])).jsonAs<{ checks: Check[] }>();
    expect(checks.find(({ name }) => name === 'supervisor')).toMatchObject({ state: 'warn', mend: 'swarm up' });
    // Whoever dies after that is not started again either.
    kill(agents[4] as Agent);
    await until(world, '5', 'is dead', ({ status }) => status === 'failed');
    // Of that somebody hears, and of the others as one; the hooks are each one's own.
    const news = () => said(told).filter((line) => /died|failed/.test(line));
    await waitFor((see) => (see(news()).length > 1 ? true : null), 'word of the last');
    await waitFor((see) => (see(said(hooked)).length > 3 ? true : null), 'all hooks');
    expect(news()).toEqual([expect.stringContaining('3 agents died at once'), expect.stringMatching(/^worker-5 has/)]);
    expect(said(hooked).sort()).toEqual(['<worker-1>', '<worker-2>', '<worker-3>', '<worker-5>']);
    const { restored, failed } = await call(world, 'up', ['up']);
    expect(failed).toEqual([]);
    expect(restored.map(({ agent }) => agent).sort()).toEqual(['worker-1', 'worker-2', 'worker-3', 'worker-5']);
    const after = await call(world, 'ls', ['ls']);
    expect(after.massDeath).toBeNull();
    expect(after.agents.map(({ restarts }) => restarts)).toEqual([0, 0, 0, 0, 0]);
  });
});
