import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/cli/doctor/index.ts';
import { openSessionDb, openUserDb } from '../../src/store/open.ts';
import { writeScript } from '../support/hostile.ts';
import { useWorld, type World } from '../support/world.ts';

/** Runs doctor and answers one of its checks. */
async function check(world: World, name: string, options: Parameters<World['swarm']>[1] = {}): Promise<Check> {
  const result = await world.swarm(['doctor', '--json'], options);
  const found = result.jsonAs<{ checks: Check[] }>().checks.find((one) => one.name === name);
  if (!found) throw new Error(`no check named ${name} in:\n${result.stdout}`);
  return found;
}

describe('swarm doctor', () => {
  const world = useWorld({ hostile: true });

  it('ends with 0 when all that is needed is there, and names where it is', async () => {
    writeScript(join(world.bin, 'claude'), 'echo; echo "1.2.3 (Claude Code)"');
    const { exitCode, stdout, stderr } = await world.swarm(['doctor']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^✓ node +v\d+/);
    expect(stdout).toContain(`1.2.3 (Claude Code) (${join(world.bin, 'claude')})\n`);
    expect(stdout).not.toMatch(/^[✗!]/m);
    expect(stdout).not.toMatch(/ $/m);
  });

  it('changes nothing', async () => {
    await world.swarm(['doctor']);
    expect(await world.git(['status', '--porcelain', '--untracked-files=all'])).toBe('');
    expect(await check(world, 'state')).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('made on first use'),
    });
  });

  it('ends with 5 and says how to get it when a needed program is missing', async () => {
    const tools = join(world.dir, 'tools');
    mkdirSync(tools);
    const result = await world.swarm(['doctor', '--json'], { env: { PATH: tools } });
    expect(result.exitCode).toBe(5);
    const { checks } = result.jsonAs<{ checks: Check[] }>();
    for (const name of ['git', 'tmux', 'claude']) {
      const one = checks.find((candidate) => candidate.name === name);
      expect(one, name).toMatchObject({ state: 'fail', mend: expect.stringMatching(/install|https:/i) });
    }
  });

  it.each([
    ['git', 'echo git version 2.37.1', '2.38'],
    ['tmux', 'echo tmux 3.1c', '3.2'],
  ])('refuses an old %s', async (name, script, needed) => {
    writeScript(join(world.bin, name), script);
    expect(await check(world, name)).toMatchObject({ state: 'fail', found: expect.stringContaining(needed) });
  });

  it('wants the agent CLI that the config names, and only that one', async () => {
    world.write('swarm.local.yaml', 'version: 1\nagent: codex\n');
    expect(await check(world, 'codex')).toMatchObject({ state: 'fail', found: null });
    expect(await check(world, 'claude')).toMatchObject({ state: 'ok', mend: expect.stringContaining('install') });
  });

  it('shows the mistakes in the config', async () => {
    world.write('swarm.yaml', 'version: 1\nagnet: codex\n');
    const { state, found } = await check(world, 'config');
    expect(state).toBe('fail');
    expect(found).toContain('agnet');
  });

  it('works outside a repository', async () => {
    expect(await check(world, 'repository', { cwd: world.dir })).toMatchObject({ state: 'warn' });
  });

  it('says when the state can be read by others', async () => {
    const state = world.env['SWARM_STATE_HOME'] ?? '';
    mkdirSync(state);
    chmodSync(state, 0o755);
    const { state: seen, mend } = await check(world, 'state');
    expect(seen).toBe('warn');
    expect(mend).toContain('chmod 700');
  });

  it('finds interrupted operations and ports that are held for nothing', async () => {
    const session = await openSessionDb(join(world.repo, '.git', 'swarm'));
    const operation = { kind: 'spawn', agent_id: null, data: '{}', pid: 4_194_304, pid_start: '1', created_at: 'then' };
    await session
      .insertInto('operations')
      .values({ id: 'o1', finished_at: null, outcome: null, ...operation })
      .execute();
    await session.destroy();
    const user = await openUserDb(world.env['SWARM_STATE_HOME']);
    const port = { name: 'PORT', session_id: 's', agent_id: 'a', session_dir: '/nowhere', at: 'then' };
    await user
      .insertInto('ports')
      .values({ port: 3001, ...port })
      .execute();
    await user.destroy();
    expect(await check(world, 'operations')).toMatchObject({
      state: 'warn',
      found: 'interrupted: spawn',
      mend: 'swarm repair',
    });
    expect(await check(world, 'ports')).toMatchObject({ state: 'warn', found: 'held for nothing: 3001' });
  });

  it('warns without a UTF-8 locale', async () => {
    expect(await check(world, 'locale', { env: { LC_ALL: 'C' } })).toMatchObject({ state: 'warn', found: 'C' });
  });
});
