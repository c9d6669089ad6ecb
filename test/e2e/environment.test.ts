import { readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { shellWord } from '../../src/lib/text.ts';
import { entry, nodeFolder } from '../support/program.ts';
import { call, sharedWorld, spawnOne } from './support.ts';

const HOOK = 'env -0 > ../hook.env';
const SCRIPT = `default:
  - run: env -0 > agent.env
  - run: swarm ls --json > team.json && command -v swarm > which.txt && node --version > node.txt
  - say: Dumped
`;

describe("an agent's environment", () => {
  const world = sharedWorld({ swarmYaml: `version: 1\nhooks: { post_create: ['${HOOK}'] }\n` });
  let agent: Agent;
  const read = (file: string) => readFileSync(join(agent.worktree ?? '', file), 'utf8');
  const variables = (file: string): Record<string, string> =>
    Object.fromEntries(
      read(file)
        .split('\0')
        .filter(Boolean)
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );

  beforeAll(async () => {
    const script = world.write(join(world.dir, 'dump.yaml'), SCRIPT);
    // The server is older than the call, with an environment of its own.
    await world.tmux(['new-session', '-d', '-s', 'old', '-e', 'MINE=from-the-server', 'sleep 1000']);
    await world.tmux(['set-environment', '-g', 'MINE', 'from-the-server']);
    const words = ['ticket-42', '-p', 'dump', '--port', 'API_PORT', '--yes', '--wait', '--', '--script', script];
    agent = await spawnOne(world, words, {
      env: { MINE: "of the caller's\nown", TMUX_PANE: '%99', SWARM_TOKEN: 'old', SWARM_TICKET: 'old', OLDPWD: '/x' },
    });
  });

  it('is that of the caller, with what section 8 promises', () => {
    const env = variables('agent.env');
    expect(env).toMatchObject({
      MINE: "of the caller's\nown",
      HOME: world.home,
      SWARM_SESSION: expect.stringMatching(/./),
      SWARM_AGENT: 'worker-1',
      SWARM_TOKEN: expect.stringMatching(/^[\w-]{20,}$/),
      SWARM_ROLE: 'worker',
      SWARM_TICKET: 'ticket-42',
      SWARM_BRANCH: 'ticket-42',
      SWARM_BASE: 'main',
      SWARM_WORKTREE: agent.worktree,
      SWARM_REPO: world.repo,
      SWARM_HOST: hostname(),
      SWARM_BIN: join(world.repo, '.git', 'swarm', 'bin', 'swarm'),
      SWARM_TMUX_SOCKET: world.socket,
      SWARM_STATE_HOME: world.env['SWARM_STATE_HOME'],
      PORT: String(agent.ports['PORT']),
      API_PORT: String(agent.ports['API_PORT']),
      PWD: agent.worktree,
    });
    expect(Object.keys(env).filter((name) => name.startsWith('TMUX') || name === 'OLDPWD')).toEqual([]);
    expect(env['PATH']?.split(':')[0]).toBe(dirname(env['SWARM_BIN'] ?? ''));
    expect(env['TERM']).toMatch(/^(?:tmux|screen)/);
  });

  it('is the same for hooks, without what is for the agent alone', () => {
    const [hook, own] = [variables('../hook.env'), variables('agent.env')];
    const same = Object.keys(own).filter((name) => /^(?:SWARM_|MINE$|.*PORT$|PATH$|HOME$)/.test(name));
    const expected = Object.fromEntries(same.map((name) => [name, own[name]]));
    for (const name of ['SWARM_TOKEN', 'SWARM_HOOK', 'SWARM_SPOOL', 'SWARM_BRIEFING']) delete expected[name];
    expect(hook).toMatchObject(expected);
    expect(hook['SWARM_TOKEN']).toBeUndefined();
    expect(hook['PWD']).toBe(agent.worktree);
  });

  it('has this swarm with this Node, and it finds this session', () => {
    expect(JSON.parse(read('team.json'))).toMatchObject({ agents: [{ id: agent.id, status: 'working' }] });
    expect(read('which.txt').trim()).toBe(variables('agent.env')['SWARM_BIN']);
    expect(read('node.txt').trim()).toBe(process.version);
    expect(readFileSync(read('which.txt').trim(), 'utf8')).toContain(nodeFolder);
  });

  it('has no other repository in it where a git alias or a hook calls', async () => {
    const theirs = join(world.dir, 'theirs');
    await world.git(['worktree', 'add', '--quiet', '--detach', theirs]);
    // git tells an alias in a linked worktree where that is; a hook its index too.
    const swarm = [join(nodeFolder, 'node'), entry].map(shellWord).join(' ');
    const alias = `alias.call=!GIT_INDEX_FILE="$GIT_DIR/index" ${swarm}`;
    const look = ['rev-parse', '--absolute-git-dir', '--git-path', 'index'];
    const there = await world.git(['-c', alias, 'call', 'exec', '1', '--', 'git', ...look], theirs);
    expect(there).toContain((await world.git(look, agent.worktree ?? '')).trim());
  });

  it('reached the window through a file that is gone', () => {
    const folder = join(world.repo, '.git', 'swarm', 'agents', 'worker-1');
    expect(readdirSync(folder).filter((file) => file.startsWith('launch'))).toEqual([]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'prompts', 'first.txt')).mode & 0o777).toBe(0o600);
  });

  it('does not leak from one agent into another that it starts, nor into the team', async () => {
    const env = variables('agent.env');
    const inner = await spawnOne(world, ['inner', '--no-hooks', '-p', 'dump', '--wait'], {
      cwd: agent.worktree ?? '',
      env: { ...env, SWARM_SCRIPTED_SCRIPT: join(world.dir, 'dump.yaml') },
    });
    const its = Object.fromEntries(
      readFileSync(`/proc/${inner.pid}/environ`, 'utf8')
        .split('\0')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(its).toMatchObject({ SWARM_AGENT: 'worker-2', SWARM_TICKET: 'inner', SWARM_WORKTREE: inner.worktree });
    expect(its['SWARM_TOKEN']).not.toBe(env['SWARM_TOKEN']);
    expect(its['SWARM_SPOOL']).toContain('worker-2');
    expect(its['API_PORT']).toBeUndefined();
    expect(its['PATH']?.split(':').filter((folder) => folder === dirname(env['SWARM_BIN'] ?? ''))).toHaveLength(1);
    expect((await call(world, 'ls', ['ls'])).agents.map(({ name }) => name)).toEqual(['worker-1', 'worker-2']);
  });
});
