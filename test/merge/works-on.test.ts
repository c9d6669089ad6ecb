import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SLOW } from '../crash/support.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({ files: { 'shared.txt': 'one\n' } });
const status = async () => (await call(world, 'status', ['status', 'worker-1'])).agent.status;
const task = async () => (await call(world, 'task-answer', ['task', 'show', '1'])).task;
const reach = (wanted: string) =>
  waitFor(async (see) => (see(await status()) === wanted ? true : null), wanted, 60_000);

const rest = () => join(world.home, 'rest');

/** Worker-1 rests with a commit, and holds task-001. Sent `work`, it works until it is let rest, and commits then. */
async function atRest(): Promise<void> {
  const command = `until [ -e '${rest()}' ]; do sleep 0.05; done; touch more; git add more; git commit --quiet -m more`;
  const on = [{ prompt: '^work', do: [{ run: command }] }];
  const script = world.write(join(world.dir, 'script.yaml'), `on: ${JSON.stringify(on)}\n`);
  const { worktree } = await spawnOne(world, ['t-1', '--', '--script', script]);
  writeFileSync(join(worktree ?? '', 'shared.txt'), 'one of a\n');
  await world.git(['commit', '--quiet', '--no-verify', '-am', 'change'], worktree ?? '');
  await reach('idle');
  await call(world, 'task-answer', ['task', 'add', 'Change it']);
  await call(world, 'task-answer', ['task', 'edit', '1', '--assign', 'worker-1']);
  await heard(1);
}

/** It works for a moment on what it is told, and nothing of its is merged meanwhile: wait for `many` messages and its rest. */
async function heard(many: number): Promise<void> {
  await waitFor(async (see) => {
    const { messages } = see(await call(world, 'messages', ['msg', 'list', '--to', 'worker-1']));
    return messages.filter(({ state }) => state === 'seen').length >= many ? true : null;
  }, `worker-1 to have been told ${many} times`);
  await reach('idle');
}

async function work(): Promise<void> {
  await call(world, 'send', ['send', 'worker-1', 'work']);
  await reach('working');
}

describe('an agent that works on', () => {
  it('stays with its task when it was set to work while the gate ran', SLOW, async () => {
    const go = join(world.home, 'go');
    const gate = `touch '${go}.runs'; until [ -e '${go}' ]; do sleep 0.05; done`;
    world.write(join(world.home, '.config', 'swarm', 'config.yaml'), `merge: { gate: ${JSON.stringify(gate)} }\n`);
    await atRest();
    const merging = world.start(['merge', 'worker-1', '--json']);
    await waitFor(() => (existsSync(`${go}.runs`) ? true : null), 'the gate');
    await work();
    writeFileSync(go, '');
    const { merge } = (await merging.result).jsonAs<{ merge: { state: string; removed: boolean; notes: string[] } }>();
    expect(merge).toMatchObject({ state: 'merged', removed: false });
    expect(merge.notes).toEqual(['task-001 not closed: worker-1 is working', 'worker-1 stays: it is working']);
    expect(await status()).toBe('working');
    expect(await task()).toMatchObject({ status: 'claimed', claimedBy: 'worker-1' });
  });

  it('keeps its task when its work so far is merged, and has it closed when it rests', SLOW, async () => {
    await atRest();
    await work();
    await call(world, 'merge', ['merge', 'worker-1', '--keep']);
    expect(await task()).toMatchObject({ status: 'claimed', claimedBy: 'worker-1' });
    writeFileSync(rest(), '');
    await heard(2);
    await call(world, 'merge', ['merge', 'worker-1', '--keep']);
    expect(await task()).toMatchObject({ status: 'done' });
  });
});
