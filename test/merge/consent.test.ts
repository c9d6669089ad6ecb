import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { approve, consentItems } from '../../src/workspace/consent.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { unwatched } from './unwatched.ts';

describe('scripts that merge.gate and merge.checkpoint run', () => {
  const world = useWorld({
    files: { 'gate.sh': 'exit 0\n', 'words.sh': 'echo "Of words.sh"\n' },
    swarmYaml: 'version: 1\nmerge: { gate: sh ./gate.sh, checkpoint: sh ./words.sh }\n',
  });
  const tip = async () => (await world.git(['log', '-1', '--format=%s'])).trim();

  /** An agent that rests, with these files on its branch. */
  async function worked(ticket: string, files: Readonly<Record<string, string>>): Promise<Agent> {
    const agent = await spawnOne(world, [ticket, '--no-wait']);
    const at = agent.worktree ?? '';
    for (const [name, text] of Object.entries(files)) world.write(join(at, name), text);
    await world.git(['add', '--all'], at);
    await world.git(['commit', '--quiet', '--no-verify', '-m', `Work on ${ticket}`], at);
    const status = async () => (await call(world, 'status', ['status', agent.name])).agent.status;
    await waitFor(async (see) => (see(await status()) === 'idle' ? true : null), 'its rest');
    return agent;
  }

  it('run as they were approved: what a branch made of them is refused, in the queue without stopping it', async () => {
    await withWorldSession(world, async (session) =>
      approve(await session.userDb(), session.repo, consentItems(session.loaded, session.repo)),
    );
    const pwned = join(world.dir, 'pwned');
    const evil = await worked('evil', { 'gate.sh': `touch '${pwned}'; exit 0\n`, 'words.sh': `touch '${pwned}'\n` });
    const good = await worked('good', { 'good.txt': 'good\n' });
    const before = await tip();

    expect(await refused(world, ['merge', evil.name], 4)).toMatchObject({
      code: 'SCRIPT_CHANGED',
      hint: expect.stringContaining(`swarm merge ${evil.name} --yes`),
      details: { key: 'merge.gate', scripts: ['gate.sh'] },
    });
    world.write(join(evil.worktree ?? '', 'more.txt'), 'more\n');
    expect(await refused(world, ['checkpoint', evil.name], 4)).toMatchObject({
      code: 'SCRIPT_CHANGED',
      hint: expect.stringContaining(`swarm checkpoint ${evil.name} --yes`),
    });
    await call(world, 'checkpoint', ['checkpoint', evil.name, '-m', 'More']);
    expect(await tip()).toBe(before);

    await unwatched(world);
    await call(world, 'queue', ['queue', 'add', evil.name, good.name]);
    expect((await call(world, 'queue', ['queue', 'run'], { exit: 1 })).queue).toMatchObject([
      { agent: evil.name, state: 'returned', reason: expect.stringContaining('gate.sh') },
      { agent: good.name, state: 'merged' },
    ]);
    expect((await world.swarm(['msg', 'list', '--to', evil.name])).stdout).toContain('was not merged');
    expect(existsSync(pwned)).toBe(false);

    expect((await call(world, 'merge', ['merge', evil.name, '--yes'])).merge.state).toBe('merged');
    expect(existsSync(pwned)).toBe(true);
  });
});
