import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({ files: { 'shared.txt': 'one\n' } });
const removed = async () => {
  const { stdout } = await world.swarm(['rm', '--merged', '--json']);
  return (JSON.parse(stdout) as { removed?: { agent: string; branchOutcome: string }[] }).removed ?? [];
};

/** An agent whose branch has two commits, pushed. */
async function pushed(ticket: string): Promise<Agent & { tip: string }> {
  const agent = await spawnOne(world, [ticket, '--no-wait']);
  await world.swarm(['wait', agent.name, '--for', 'idle']);
  const at = agent.worktree ?? '';
  for (const text of ['1', '2']) {
    writeFileSync(join(at, `${ticket}.txt`), `${text}\n`);
    await world.git(['add', '--all'], at);
    await world.git(['commit', '--quiet', '--no-verify', '-m', `${ticket} ${text}`], at);
  }
  await world.git(['push', '--quiet', 'origin', `${agent.branch}`], at);
  return { ...agent, tip: (await world.git(['rev-parse', 'HEAD'], at)).trim() };
}

describe('swarm rm --merged', () => {
  beforeEach(async () => {
    const origin = join(world.dir, 'origin.git');
    await world.git(['clone', '--quiet', '--bare', world.repo, origin]);
    await world.git(['remote', 'add', 'origin', origin]);
    await world.git(['fetch', '--quiet', 'origin']);
  });

  it('leaves what is only pushed, and takes what the remote has squashed', async () => {
    const agent = await pushed('t-1');
    await spawnOne(world, ['t-2', '--no-wait']);
    expect(await refused(world, ['rm', '--merged'], 3)).toMatchObject({ code: 'NOTHING_MERGED' });
    // Merged on the other side, squashed, and fetched; here main has not moved.
    await world.git(['checkout', '--quiet', '--detach']);
    await world.git(['merge', '--quiet', '--squash', agent.branch ?? '']);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'Squashed']);
    await world.git(['push', '--quiet', 'origin', 'HEAD:main']);
    await world.git(['checkout', '--quiet', 'main']);
    expect(await removed()).toMatchObject([{ agent: agent.name, branchOutcome: 'deleted' }]);
  });

  it('takes what a merge brought into another branch, and so does that merge', async () => {
    await world.git(['branch', 'side']);
    const kept = await pushed('t-1');
    await world.git(['push', '--quiet', 'origin', '--delete', kept.branch ?? '']);
    await call(world, 'merge', ['merge', kept.name, '--into', 'side', '--keep']);
    expect(await removed()).toMatchObject([{ agent: kept.name, branchOutcome: 'deleted' }]);
    const agent = await pushed('t-2');
    await world.git(['push', '--quiet', 'origin', '--delete', agent.branch ?? '']);
    const { merge } = await call(world, 'merge', ['merge', agent.name, '--into', 'side']);
    expect(merge).toMatchObject({ state: 'merged', removed: true, notes: [] });
  });

  it('leaves an agent that has only pulled its target', async () => {
    const agent = await spawnOne(world, ['t-1', '--no-wait']);
    await world.swarm(['wait', agent.name, '--for', 'idle']);
    writeFileSync(join(world.repo, 'shared.txt'), 'of main\n');
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'of main']);
    const at = agent.worktree ?? '';
    await world.git(['merge', '--quiet', '--ff-only', 'main'], at);
    expect(await refused(world, ['rm', '--merged'], 3)).toMatchObject({ code: 'NOTHING_MERGED' });
    writeFileSync(join(at, 'shared.txt'), 'of its own\n');
    await world.git(['commit', '--quiet', '--no-verify', '-am', 'own'], at);
    await world.git(['merge', '--quiet', '--ff-only', agent.branch ?? '']);
    expect(await removed()).toMatchObject([{ agent: agent.name, branchOutcome: 'deleted' }]);
  });

  it('takes what gh says was merged as a pull request, and only just that commit', async () => {
    const agent = await pushed('t-1');
    const gh = world.write(join(world.bin, 'gh'), `#!/bin/sh\necho '[{"headRefOid":"${agent.tip}"}]'\n`);
    chmodSync(gh, 0o755);
    await world.git(['push', '--quiet', 'origin', '--delete', agent.branch ?? '']);
    const at = agent.worktree ?? '';
    await world.git(['commit', '--quiet', '--no-verify', '--allow-empty', '-m', 'more'], at);
    writeFileSync(join(at, 'more.txt'), 'x\n');
    await world.git(['add', '--all'], at);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'even more'], at);
    expect(await refused(world, ['rm', '--merged'], 3)).toMatchObject({ code: 'NOTHING_MERGED' });
    await world.git(['reset', '--quiet', '--hard', agent.tip], at);
    expect(await refused(world, ['rm', agent.name], 4)).toMatchObject({ code: 'UNMERGED_COMMITS' });
    expect(await removed()).toMatchObject([{ agent: agent.name, branchOutcome: 'deleted' }]);
    expect((await world.swarm(['restore', agent.name])).exitCode).toBe(0);
  });
});
