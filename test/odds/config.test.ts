import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('the config at work', () => {
  const world = useWorld({ files: { '.gitignore': 'swarm.local.yaml\n' } });
  const configure = (text: string) => world.write('swarm.local.yaml', text);

  it('tickets.command says what the ticket is about, before what the person says', async () => {
    const log = join(world.dir, 'asked');
    configure(
      `tickets:\n  command: 'printf "%s" "$SWARM_TICKET|$SWARM_TICKET_NUMBER|$PWD" >> ${log}; [ "$SWARM_TICKET_NUMBER" != 13 ] || exit 4; echo "About $SWARM_TICKET_NUMBER; \\$(id)"'\n`,
    );
    const agent = await spawnOne(world, ["fix/bug-42 $(touch pwned) 'q'", '-p', 'And be quick']);
    expect(readFileSync(log, 'utf8')).toBe(`fix/bug-42 $(touch pwned) 'q'|42|${world.repo}`);
    expect(existsSync(join(world.repo, 'pwned'))).toBe(false);
    const said = readFileSync(join(world.repo, '.git/swarm/agents/worker-1/prompts/first.txt'), 'utf8');
    expect(said).toBe('About 42; $(id)\n\nAnd be quick');
    expect(agent.branch).toMatch(/^fix\/bug-42-/);
    // Without a prompt the ticket's text is one; without a number there is none.
    const { deliveries } = await call(world, 'spawn', ['spawn', 'login', '--agent', 'scripted']);
    expect(deliveries).toMatchObject([{ agent: 'worker-2', state: 'delivered' }]);
    expect(readFileSync(log, 'utf8')).toContain(`login||${world.repo}`);
    const { error } = await call(world, 'spawn', ['spawn', 'bug-13', '--agent', 'scripted'], { exit: 1 });
    expect(error).toMatchObject({ code: 'TICKET_COMMAND_FAILED', message: expect.stringContaining('4') });
    expect((await call(world, 'ls', ['ls'])).agents).toHaveLength(2);
    // No ticket, nothing to ask about.
    await spawnOne(world, ['-p', 'Only words']);
    expect(readFileSync(log, 'utf8')).not.toContain('only-words');
  });

  it('worktrees.branch makes branches of ticket and agent', async () => {
    configure("worktrees: {branch: 'swarm/{{agent}}/{{ticket}}'}\n");
    expect(await spawnOne(world, ['t 1'])).toMatchObject({ branch: 'swarm/worker-1/t-1', ticket: 't 1' });
    expect(await spawnOne(world, ['t 1', '--another', '--name', 'api'])).toMatchObject({ branch: 'swarm/api/t-1' });
    const { agents } = await call(world, 'spawn', ['spawn', 'x', '--agents', 'scripted:2', '--no-wait']);
    expect(agents.map(({ branch }) => branch).sort()).toEqual(['swarm/worker-2/x', 'swarm/worker-3/x']);
    configure("worktrees: {branch: 'swarm/{{repo}}'}\n");
    expect(await refused(world, ['spawn', 'y'], 2)).toMatchObject({ code: 'BAD_CONFIG' });
  });

  it('SWARM_WORKTREES_DIR moves the worktrees, wherever swarm is called from', async () => {
    const env = { SWARM_WORKTREES_DIR: join(world.dir, 'elsewhere') };
    const agent = await spawnOne(world, ['a'], { env });
    expect(agent.worktree).toBe(join(world.dir, 'elsewhere', 'app', 'worker-1'));
    const inside = await spawnOne(world, ['b'], { env, cwd: agent.worktree ?? '' });
    expect(inside.worktree).toBe(join(world.dir, 'elsewhere', 'app', 'worker-2'));
    // What is there goes on without it.
    expect((await call(world, 'ls', ['ls'])).agents).toHaveLength(2);
    expect((await world.swarm(['rm', 'a', 'b', '--force'])).exitCode).toBe(0);
    expect(existsSync(agent.worktree ?? '')).toBe(false);
    expect((await world.swarm(['restore', 'worker-1'])).exitCode).toBe(0);
    expect(existsSync(agent.worktree ?? '')).toBe(true);
  });

  it('any key comes from the environment, and a value that does not fit is told by its name', async () => {
    const env = { SWARM_LIMITS_AGENTS: '7', SWARM_LIMITS_IDLE_TIMEOUT: '90s', SWARM_AGENT: '' };
    const { stdout } = await world.swarm(['config', 'get', 'limits.agents', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({ value: 7 });
    for (const [name, value] of [
      ['SWARM_LIMITS_AGENTS', '51'],
      ['SWARM_LIMITS_IDLE_TIMEOUT', 'soon'],
      ['SWARM_LIMITS_AGENT', '3'],
    ] as const) {
      const error = await refused(world, ['ls'], 2, { env: { [name]: value } });
      expect(error).toMatchObject({ code: 'BAD_CONFIG', message: expect.stringContaining(name) });
    }
  });

  it('limits.idle_timeout says how long silence is no sign of being stuck', async () => {
    const script = world.write('hang.yaml', 'on:\n  - prompt: .*\n    do: [hang]\n');
    await spawnOne(world, ['t', '-p', 'Hang', '--', '--script', script]);
    const status = async (limit: string) => {
      const env = { SWARM_LIMITS_IDLE_TIMEOUT: limit };
      return (await call(world, 'status', ['status', 't'], { env })).agent;
    };
    expect(await status('1h')).toMatchObject({ status: 'working' });
    await waitFor(async (see) => (see(await status('1s')).status === 'stuck' ? true : null), 'the agent to be stuck');
    expect(await status('1h')).toMatchObject({ status: 'working' });
  });
});

describe('the version', () => {
  const world = useWorld();

  it('is told in every way that people and programs ask for it', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    for (const words of [['--version'], ['-V'], ['version'], ['-C', world.dir, '--version']]) {
      expect(await world.swarm(words)).toMatchObject({ exitCode: 0, stdout: `swarm ${version}\n`, stderr: '' });
    }
    for (const words of [
      ['--version', '--json'],
      ['--json', '-V'],
      ['version', '--json'],
    ]) {
      expect((await world.swarm(words)).jsonAs<object>()).toMatchObject({ schema: 1, version });
    }
  });

  it('knows no commands of later versions, and says so plainly', async () => {
    for (const words of [['budget'], ['usage', 'worker-1'], ['workflow', 'list']]) {
      expect(await refused(world, words, 2)).toEqual({
        code: 'UNKNOWN_COMMAND',
        message: `There is no command '${words[0]}'.`,
        hint: 'swarm --help',
        details: expect.anything(),
      });
    }
  });
});
