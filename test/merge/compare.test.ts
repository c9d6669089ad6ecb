import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({ files: { 'shared.txt': 'one\n' } });
const compare = async (...words: string[]) => (await call(world, 'compare', ['compare', ...words])).agents;

/** An agent on t-1 that has committed this, and rests. */
async function worked(text: string, ...more: readonly string[]): Promise<Agent> {
  const agent = await spawnOne(world, ['t-1', '--no-wait', ...more]);
  writeFileSync(join(agent.worktree ?? '', 'shared.txt'), text);
  await world.git(['commit', '--quiet', '--no-verify', '-am', text.trim()], agent.worktree ?? '');
  await world.swarm(['wait', agent.name, '--for', 'idle']);
  return agent;
}

describe('swarm compare and swarm pick', () => {
  it('shows the work of several on one ticket side by side, and what the gate says of each', async () => {
    const a = await worked('one\ntwo\n');
    const b = await worked('three\n', '--another');
    writeFileSync(join(b.worktree ?? '', 'new.txt'), 'x\n');
    expect(await compare('t-1')).toMatchObject([
      { agent: a.name, commits: 1, files: 1, insertions: 1, deletions: 0, uncommitted: 0, merge: 'clean', gate: null },
      { agent: b.name, commits: 1, files: 2, insertions: 2, deletions: 1, uncommitted: 1, picked: false, tokens: null },
    ]);
    expect(await refused(world, ['compare', 't-1', '--gate'], 2)).toMatchObject({ code: 'NO_GATE' });
    const nowhere = await refused(world, ['compare', 't-1', '--into', 'mian'], 2);
    expect(nowhere).toMatchObject({ code: 'NO_SUCH_BRANCH', hint: 'swarm compare t-1 --into main' });
    const folder = join(world.home, '.config', 'swarm');
    world.write(join(folder, 'config.yaml'), 'merge: { gate: grep two shared.txt }\n');
    const before = (await world.git(['rev-parse', 'main'])).trim();
    const [first, second] = await compare('t-1', '--gate');
    expect([first?.gate?.state, second?.gate?.state]).toEqual(['passed', 'failed']);
    expect(readFileSync(first?.gate?.log ?? '', 'utf8')).toContain('two');
    expect(await compare(b.name)).toMatchObject([{ gate: { state: 'failed' } }]);
    expect((await world.git(['rev-parse', 'main'])).trim()).toBe(before);
    expect((await world.git(['worktree', 'list'])).trim().split('\n')).toHaveLength(3);
    // What the gate said of other commits says nothing of these.
    await world.git(['commit', '--quiet', '--no-verify', '--allow-empty', '-m', 'more'], b.worktree ?? '');
    writeFileSync(join(world.repo, 'shared.txt'), 'four\n');
    await world.git(['commit', '--quiet', '-am', 'mine']);
    const [, now] = await compare('t-1');
    expect(now).toMatchObject({ gate: null, merge: 'conflict', conflicts: ['shared.txt'] });
    expect((await world.swarm(['compare', 't-1'])).stdout).toContain('conflict with main: shared.txt');
  });

  it('keeps the one, and of the others removes what loses nothing unless its loss is agreed to', async () => {
    const a = await worked('one\ntwo\n');
    expect(await refused(world, ['pick', a.name], 3)).toMatchObject({ code: 'NOTHING_TO_PICK' });
    const b = await worked('three\n', '--another');
    const c = await spawnOne(world, ['t-1', '--no-wait', '--another']);
    await call(world, 'task-answer', ['task', 'add', 'Do it']);
    await call(world, 'task-answer', ['task', 'claim', '1'], { env: { SWARM_AGENT: b.name } });
    const first = await call(world, 'pick', ['pick', a.name], { exit: 4 });
    expect(first).toMatchObject({ picked: a.name, ticket: 't-1', removed: [{ agent: c.name }] });
    expect(first.errors).toMatchObject([{ agent: b.name, code: 'UNMERGED_COMMITS' }]);
    expect(existsSync(b.worktree ?? '')).toBe(true);
    expect(await compare('t-1')).toMatchObject([
      { agent: a.name, picked: true },
      { agent: b.name, picked: false },
    ]);
    const dry = await call(world, 'pick', ['pick', a.name, '--delete-branch', '--dry-run']);
    expect([dry.dryRun, dry.removed.length]).toEqual([true, 1]);
    const { stdout } = await world.swarm(['pick', a.name, '--delete-branch']);
    expect(stdout).toContain(`${b.name} removed`);
    expect(stdout).toContain(`→ swarm merge ${a.name}`);
    expect((await call(world, 'ls', ['ls'])).agents).toMatchObject([{ name: a.name }]);
    expect((await call(world, 'merge', ['merge', a.name])).merge.state).toBe('merged');
    // What another held was the picked one's to finish.
    const { task } = await call(world, 'task-answer', ['task', 'show', '1']);
    expect(task).toMatchObject({ status: 'done', claimedBy: a.name });
  });
});
