import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';
import { useTerminal } from './terminal.ts';

interface Pane {
  readonly pane: string;
  readonly pid: number;
  readonly dead: boolean;
  readonly agent: string;
  readonly extra: string;
  readonly height: number;
  readonly active: boolean;
  readonly path: string;
}

/** All panes of a window, from the top. */
async function panesOf(world: World, window: string | null): Promise<Pane[]> {
  const format =
    '#{pane_id}|#{pane_pid}|#{pane_dead}|#{@swarm_agent}|#{@swarm_extra}|#{pane_height}|#{pane_active}|#{pane_current_path}';
  const { stdout } = await world.tmux(['list-panes', '-t', window ?? '', '-F', format]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('|'))
    .map(([pane = '', pid, dead, agent = '', extra = '', height, active, path = '']) => ({
      pane,
      pid: Number(pid),
      dead: dead === '1',
      agent,
      extra,
      height: Number(height),
      active: active === '1',
      path,
    }));
}

const screenOf = (world: World, pane: Pane | undefined, text: string) =>
  waitFor(async (see) => {
    const { stdout } = await world.tmux(['capture-pane', '-p', '-J', '-S', '-', '-t', pane?.pane ?? '']);
    return see(stdout).includes(text) ? stdout : null;
  }, `'${text}' in ${pane?.pane}`);

const SAYS = `printf 'agent=%s. port=%s. branch=%s. tmux=%s.\\n' "$SWARM_AGENT$SWARM_TOKEN" "$PORT" "$SWARM_BRANCH" "\${TMUX:+yes}"; exec sleep 600`;
describe('tmux.panes of the user', () => {
  const world = useWorld({ files: { '.gitignore': 'swarm.local.yaml\n' } });

  it('open below the agent, with its environment but not its name, and go with it', async () => {
    world.write(
      'swarm.local.yaml',
      `tmux: {panes: [{command: ${JSON.stringify(SAYS)}, size: 40%}, {command: 'trap "" HUP; sleep 601', size: 5}]}\n`,
    );
    const agent = await spawnOne(world, ['t', '-p', 'Hello']);
    const [own, first, second, ...none] = await panesOf(world, agent.tmux.window);
    expect(none).toEqual([]);
    expect(own).toMatchObject({ agent: agent.id, extra: '', pid: agent.pid, active: true, pane: agent.tmux.pane });
    expect(first).toMatchObject({ agent: '', extra: `${agent.id}-pane`, path: agent.worktree, active: false });
    expect(second).toMatchObject({ agent: '', extra: `${agent.id}-pane`, height: 5 });
    const text = await screenOf(world, first, 'agent=');
    expect(text).toContain(`agent=. port=${agent.ports['PORT']}. branch=t. tmux=yes.`);

    // What is said to the agent and seen of it is the agent's pane alone.
    expect((await call(world, 'status', ['status', 't'])).agent).toMatchObject({ tmux: { pane: own?.pane } });
    await call(world, 'send', ['send', 't', 'More']);
    expect((await world.tmux(['capture-pane', '-p', '-t', first?.pane ?? ''])).stdout).not.toContain('More');

    await call(world, 'status', ['pause', 't']);
    for (const pid of [first?.pid, second?.pid]) expect(() => process.kill(pid ?? 0, 0)).toThrow();
    const { agent: back } = await call(world, 'revive', ['resume', 't']);
    const again = await panesOf(world, back.tmux.window);
    expect(again.map(({ extra }) => extra)).toEqual(['', `${agent.id}-pane`, `${agent.id}-pane`]);
    const { agent: third } = await call(world, 'revive', ['restart', 'worker-1']);
    expect(await panesOf(world, third.tmux.window)).toHaveLength(3);
    expect((await world.swarm(['rm', 'worker-1', '--force'])).exitCode).toBe(0);
    const { stdout } = await world.tmux(['list-panes', '-a', '-F', '#{@swarm_extra}']);
    expect(stdout.trim()).toBe('');
  });

  it('that fail stay to be read, that end well go, and none keeps the agent from working', async () => {
    const panes = [
      '{command: no-such-editor}',
      '{command: "true"}',
      '{command: sleep 601, size: 1}',
      '{command: sleep 9}',
    ];
    world.write('swarm.local.yaml', `tmux: {panes: [${panes.join(', ')}]}\n`);
    const result = await world.swarm(['spawn', 't', '--agent', 'scripted', '-p', 'Hello']);
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/the pane for 'sleep 9' did not open: .*space/),
    });
    const { agent } = await call(world, 'status', ['status', 't']);
    const failed = await waitFor(async (see) => {
      const seen = see(await panesOf(world, agent.tmux.window));
      return seen.length === 3 ? (seen.find(({ dead }) => dead) ?? null) : null;
    }, 'the failed pane, and no other that ended');
    await screenOf(world, failed, 'not found');
  });

  it('are no agents to adopt, and a dev server stands beside them', async () => {
    world.write('swarm.local.yaml', 'tmux: {panes: [{command: sleep 600}]}\ndev: {command: sleep 600}\n');
    const agent = await spawnOne(world, ['t']);
    const [, first] = await panesOf(world, agent.tmux.window);
    const error = await refused(world, ['adopt', first?.pane ?? ''], 4);
    expect(error).toMatchObject({ code: 'NO_SUCH_PANE', message: expect.stringContaining('belongs to an agent') });
    expect(await refused(world, ['dev', 't', '--timeout', '1ms'], 6)).toMatchObject({ code: 'DEV_SERVER_SILENT' });
    const extras = (await panesOf(world, agent.tmux.window)).map(({ extra }) => extra).sort();
    expect(extras).toEqual(['', `${agent.id}-dev`, `${agent.id}-pane`]);
    expect((await world.swarm(['dev', 't', '--stop'])).exitCode).toBe(0);
    expect(await panesOf(world, agent.tmux.window)).toHaveLength(2);
  });
});

describe('tmux.panes of the repository', () => {
  const world = useWorld({ swarmYaml: "tmux: {panes: [{command: 'echo pane one; sleep 600'}]}\n" });
  const terminal = useTerminal(world);

  it('need consent, asked again when they change; who gives none gets the agent without them', async () => {
    const spawn = ['spawn', '--agent', 'scripted', '--no-wait', '--json'];
    const refused = await world.swarm([...spawn, 'a']);
    expect(refused.exitCode).toBe(4);
    expect(refused.jsonAs<object>()).toMatchObject({ error: { code: 'CONSENT_REQUIRED', hint: expect.anything() } });
    await terminal.open();
    await terminal.type('swarm spawn a --agent scripted --no-wait');
    expect(await terminal.shows(/\[y\/N\]/)).toContain('echo pane one');
    await terminal.type('y');
    await terminal.shows(/swarm attach worker-1/);
    const { agent } = await call(world, 'status', ['status', 'a']);
    const [, pane] = await panesOf(world, agent.tmux.window);
    await screenOf(world, pane, 'pane one');

    // Somebody else's change must not run, and must not keep the agent from coming back.
    world.write('swarm.yaml', "tmux: {panes: [{command: 'echo pane two; sleep 600'}]}\n");
    const restarted = await world.swarm(['restart', 'worker-1', '--json']);
    expect(restarted.exitCode).toBe(0);
    expect(restarted.stderr).toContain('tmux.panes is left out');
    const { agent: alone } = restarted.jsonAs<{ agent: { tmux: { window: string } } }>();
    expect(await panesOf(world, alone.tmux.window)).toHaveLength(1);
    const yes = await world.swarm(['restart', 'worker-1', '--yes', '--json']);
    expect(yes.exitCode, yes.stdout).toBe(0);
    const { agent: more } = yes.jsonAs<{ agent: { tmux: { window: string } } }>();
    expect(await panesOf(world, more.tmux.window)).toHaveLength(2);
    await terminal.type('clear');
    await terminal.type('swarm restart worker-1');
    expect(await terminal.shows(/\[y\/N\]/)).toContain('echo pane two');
    await terminal.type('n');
    await terminal.shows(/is left out/);
  });

  it('run no script that the branch has changed', async () => {
    await world.git(['checkout', '--quiet', '-b', 'other']);
    world.write('top.sh', 'echo theirs; sleep 600\n');
    await world.git(['add', 'top.sh']);
    await world.git(['commit', '--quiet', '--message', 'theirs']);
    await world.git(['checkout', '--quiet', 'main']);
    world.write('swarm.yaml', "tmux: {panes: [{command: 'sh top.sh'}]}\n");
    world.write('top.sh', 'echo mine; sleep 600\n');
    await world.git(['add', 'top.sh', 'swarm.yaml']);
    await world.git(['commit', '--quiet', '--message', 'mine']);
    await terminal.open();
    await terminal.type('swarm trust');
    await terminal.shows(/\[y\/N\]/);
    await terminal.type('y');
    await terminal.shows(/Approved/);
    const other = await world.swarm(['spawn', 'x', '--branch', 'other', '--agent', 'scripted', '--no-wait', '--json']);
    expect(other).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('top.sh') });
    const { agents } = other.jsonAs<{ agents: { tmux: { window: string } }[] }>();
    expect(await panesOf(world, agents[0]?.tmux.window ?? '')).toHaveLength(1);
    const same = await spawnOne(world, ['y']);
    const [, pane] = await panesOf(world, same.tmux.window);
    await screenOf(world, pane, 'mine');
    expect(join(same.worktree ?? '', 'top.sh')).toContain('worker-2');
  });
});
