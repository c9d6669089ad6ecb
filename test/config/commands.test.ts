import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useWorld } from '../support/world.ts';

const yaml =
  'version: 1\nlimits:\n  agents: 7\nhooks:\n  post_create: [npm ci, "a: b"]\nagents:\n  bot: {command: [bot, -x], env: {A: b}}\n';

describe('swarm config', () => {
  const world = useWorld({ swarmYaml: yaml });

  test('show: every key with where it comes from', async () => {
    const shown = await world.swarm(['config', 'show'], {
      env: { SWARM_AGENT: 'worker-1', SWARM_NOTIFY_BELL: 'false' },
    });
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toMatch(/^agent: claude +# default$/m);
    expect(shown.stdout).toMatch(/^limits\.agents: 7 +# swarm\.yaml:3$/m);
    expect(shown.stdout).toMatch(/^hooks\.post_create: \["npm ci","a: b"\] +# swarm\.yaml:5$/m);
    expect(shown.stdout).toMatch(/^agents\.bot\.env: \{"A":"b"\} +# swarm\.yaml:7$/m);
    expect(shown.stdout).toMatch(/^notify\.bell: false +# SWARM_NOTIFY_BELL$/m);
    const { values } = (await world.swarm(['config', 'show', '--json'])).jsonAs<{ values: unknown[] }>();
    const file = join(world.repo, 'swarm.yaml');
    expect(values).toContainEqual({ key: 'limits.agents', value: 7, layer: 'team', file, line: 3, trusted: false });
    expect(values).toContainEqual({
      key: 'store',
      value: null,
      layer: 'default',
      file: null,
      line: null,
      trusted: true,
    });
  });

  test('get: a value, a section; a key that is not there is exit 3 with a guess', async () => {
    const get = async (...args: string[]) => (await world.swarm(['config', 'get', ...args])).stdout;
    expect(await get('limits.agents')).toBe('7\n');
    expect(await get('hooks.post_create')).toBe('npm ci\na: b\n');
    expect(await get('dev.command')).toBe('');
    expect(JSON.parse(await get('agents.bot'))).toEqual({ command: ['bot', '-x'], env: { A: 'b' } });
    expect(JSON.parse(await get('limits.agents', '--json'))).toMatchObject({
      schema: 1,
      key: 'limits.agents',
      value: 7,
    });
    const missing = await world.swarm(['config', 'get', 'idle_timeout']);
    expect([missing.exitCode, missing.stdout]).toEqual([3, '']);
    expect(missing.stderr).toContain('swarm config get limits.idle_timeout');
  });

  test('validate: files that are right, mistakes with their line and exit 2, one file', async () => {
    const valid = await world.swarm(['config', 'validate', '--json']);
    expect(valid.jsonAs<object>()).toEqual({ schema: 1, valid: true, files: [join(world.repo, 'swarm.yaml')] });
    world.write('swarm.local.yaml', 'agent: x\nlimit: 3\n');
    const wrong = await world.swarm(['config', 'validate']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain(
      `${join(world.repo, 'swarm.local.yaml')}:2: unknown key 'limit'; did you mean 'limits'?`,
    );
    // Right by themselves, and together they speak of agents that nobody could start.
    world.write('swarm.local.yaml', 'agent: claud\nagents:\n  mybot: { prompt: paste }\n');
    const unknown = await world.swarm(['config', 'validate']);
    expect(unknown.exitCode).toBe(2);
    const local = join(world.repo, 'swarm.local.yaml');
    expect(unknown.stderr).toContain(`${local}:1: agent: swarm knows no agent CLI 'claud'`);
    expect(unknown.stderr).toContain(`${local}:3: agents.mybot has no command`);
    const one = await world.swarm(['config', 'validate', 'swarm.yaml'], { cwd: world.repo });
    expect(one.exitCode).toBe(0);
    expect((await world.swarm(['config', 'validate', 'nowhere.yaml'])).exitCode).toBe(2);
  });

  test('schema: one JSON document', async () => {
    const { stdout } = await world.swarm(['config', 'schema']);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'swarm.yaml', type: 'object', additionalProperties: false });
  });

  test('a bare repository’s config is that of its default branch, and not trusted', async () => {
    const bare = join(world.dir, 'bare.git');
    await world.git(['clone', '-q', '--bare', world.repo, bare]);
    const got = await world.swarm(['config', 'get', 'limits.agents', '--json'], { cwd: bare });
    expect(got.jsonAs<object>()).toMatchObject({ value: 7, layer: 'team', line: 3, trusted: false });
  });

  test('when git can’t say whether it tracks the file, nothing is taken for the user’s own', async () => {
    world.write('.git/index', 'broken');
    const got = await world.swarm(['config', 'get', 'hooks', '--json']);
    expect(got.exitCode).toBe(1);
    expect(got.jsonAs<{ error: { code: string } }>().error.code).toBe('GIT_FAILED');
  });

  test('an agent’s branch has no say: config is read from the main worktree', async () => {
    const linked = join(world.dir, 'linked');
    await world.git(['worktree', 'add', '-q', linked]);
    world.write(join(linked, 'swarm.yaml'), 'limits: {agents: 50}\n');
    world.write(join(linked, 'swarm.local.yaml'), 'limits: {agents: 50}\n');
    expect((await world.swarm(['config', 'get', 'limits.agents'], { cwd: linked })).stdout).toBe('7\n');
  });
});
