import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useWorld } from '../support/world.ts';
import { call, refused, spawnOne } from './support.ts';

describe('several agents', () => {
  const world = useWorld({ files: { '.gitignore': '.env\n' } });

  it('none at all is no success, and all with names is a contradiction', async () => {
    for (const words of [
      ['exec', '--all', '--', 'true'],
      ['copy', '--all'],
      ['wait', '--all'],
    ]) {
      expect((await refused(world, words, 3)).code).toBe('NO_AGENTS');
    }
    await spawnOne(world, ['t1']);
    const twice = [
      ['exec', '1', '--all', '--', 'true'],
      ['copy', '1', '--all'],
      ['rm', '1', '--merged'],
      ['send', '1', '--all', '-f', join(world.repo, '.gitignore')],
    ];
    for (const words of twice) expect((await refused(world, words, 2)).message).toContain('is named too');
    expect((await refused(world, ['send', '--status', 'idel', 'x'], 2)).message).toContain('idle');
  });

  it('all are tried: one whose worktree is gone is an error beside the others', async () => {
    const gone = await spawnOne(world, ['t1']);
    await spawnOne(world, ['t2']);
    world.write('.env', 'A=1\n');
    world.write('.worktreeinclude', '.env\n');
    rmSync(gone.worktree ?? '', { recursive: true });
    const errors = [{ agent: 'worker-1', code: 'NO_WORKTREE' }];
    const copied = await world.swarm(['copy', '--all', '--json']);
    expect(copied.exitCode).toBe(3);
    expect(copied.jsonAs()).toMatchObject({ copies: [{ agent: 'worker-2', copied: ['.env'] }], errors });
    const ran = await world.swarm(['exec', '1', '2', '--json', '--', 'true']);
    expect(ran.exitCode).toBe(3);
    expect(ran.jsonAs()).toMatchObject({ results: [{ agent: 'worker-2', exitCode: 0 }], errors });
  });

  it('a ticket of several: its diffs are all of them, a copy is ambiguous', async () => {
    const { agents } = await call(world, 'spawn', ['spawn', 'both', '--agents', 'scripted:2']);
    for (const { worktree, name } of agents) world.write(join(worktree ?? '', 'made.txt'), `${name}\n`);
    const both = await world.swarm(['diff', 'both', '--json']);
    expect(both.jsonAs()).toMatchObject({ diffs: [{ agent: 'worker-1' }, { agent: 'worker-2' }], errors: [] });
    expect((await world.swarm(['diff', 'both'])).stdout).toMatch(/── worker-1\n[^─]*\+worker-1\n── worker-2\n/u);
    expect((await world.swarm(['diff', '2'])).stdout).toMatch(/^diff --git/);
    expect((await refused(world, ['copy', 'both'], 3)).code).toBe('AMBIGUOUS_AGENT');
  });

  it('rm and stop want a name in full: neither a beginning of it nor the last one', async () => {
    await spawnOne(world, ['t1']);
    await world.swarm(['attach', '1']);
    for (const verb of ['rm', 'stop']) for (const word of ['-', 'work']) await refused(world, [verb, word], 3);
    expect((await world.swarm(['restart', 'work'])).exitCode).toBe(0);
  });
});

describe('what is said', () => {
  const world = useWorld();

  it('spawn --attach without a terminal: the agent is there, and why nothing was attached is said beside it', async () => {
    const result = await world.swarm(['spawn', 't1', '--agent', 'scripted', '--attach']);
    expect(result).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('worker-1') });
    expect(result.stderr).toContain('attach');
  });

  it('a prompt that has nowhere to go has an id and is on record', async () => {
    await spawnOne(world, ['t1']);
    await call(world, 'status', ['pause', '1']);
    const { deliveries } = await call(world, 'send', ['send', '1', 'hello'], { exit: 6 });
    expect(deliveries).toMatchObject([{ state: 'failed', message: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  });

  it('hints carry what was typed', async () => {
    await spawnOne(world, ['t1', '--name', 'api']);
    const words = ['spawn', 't1', '--agent', 'scripted', '-p', "it's this", '--', '--slow', '1'];
    expect((await refused(world, words, 4)).hint).toBe(
      "swarm spawn t1 --agent scripted -p 'it'\\''s this' --another -- --slow 1",
    );
    const named = ['spawn', 't2', '--agent', 'scripted', '--name', 'api', '-p', 'x'];
    expect((await refused(world, named, 4)).hint).toBe('swarm spawn t2 --agent scripted -p x --name api-2');
    const branch = ['spawn', 't3', '--agent', 'scripted', '--branch=main', '-p', 'x'];
    expect((await refused(world, branch, 4)).hint).toBe('swarm spawn t3 --agent scripted -p x --branch main-2');
  });
});
