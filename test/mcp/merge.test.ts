import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { useWorld } from '../support/world.ts';
import { refusal, takePlaceOf, use, withMcp } from './support.ts';

const lines = (third: string) => `one\ntwo\n${third}\nfour\nfive\n`;

describe('bringing work home over MCP', () => {
  const world = useWorld({ files: { 'shared.txt': lines('three') } });
  const put = (agent: Agent, name: string, text: string) => writeFileSync(join(agent.worktree ?? '', name), text);
  const commit = async (agent: Agent) => {
    await world.git(['add', '--all'], agent.worktree ?? '');
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'change'], agent.worktree ?? '');
  };

  it('lets a leader look, review and merge, and a worker ask for it alone', async () => {
    const [a, b] = [await spawnOne(world, ['t-1']), await spawnOne(world, ['t-2'])];
    for (const agent of [a, b]) {
      put(agent, 'shared.txt', lines(`three of ${agent.name}`));
      await commit(agent);
    }
    world.write(join(world.home, '.config', 'swarm', 'config.yaml'), 'hooks: { post_merge: ["exit 3"] }\n');
    const token = await takePlaceOf(world, b);
    await call(world, 'queue', ['queue', 'pause']);
    await withMcp(world, {}, ({ client: leader }) =>
      withMcp(world, { env: { SWARM_TOKEN: token } }, async ({ client: worker }) => {
        const between = { a: a.name, b: b.name, target: null, kind: 'merge', files: ['shared.txt'] };
        expect(await use(leader, 'list_conflicts')).toEqual({ conflicts: [between], not_read: [] });

        const review = await use(leader, 'review_changes', { agent: 't-1', limit: 100 });
        expect(review).toMatchObject({
          review: { agent: a.name, commits: 1, merge: 'clean', conflicts: [] },
          next_offset: 100,
        });
        expect(await use(leader, 'review_changes', { agent: a.name, form: 'name-only' })).toMatchObject({
          diff: 'shared.txt\n',
          next_offset: null,
        });
        expect(await use(leader, 'merge_agent', { agent: a.name })).toMatchObject({
          state: 'merged',
          removed: true,
          notes: ["post_merge: 'exit 3' exited with 3"],
        });
        expect(await use(leader, 'merge_agent', { agent: b.name })).toMatchObject({
          state: 'conflict',
          files: ['shared.txt'],
          commit: null,
        });

        put(b, 'more.txt', 'more\n');
        expect((await refusal(worker, 'request_merge')).code).toBe('DIRTY_WORKTREE');
        await commit(b);
        const asked = await use<{ request: { id: number } }>(worker, 'request_merge', { note: 'It is whole.' });
        expect(asked).toMatchObject({ request: { state: 'requested' }, told: 'person' });
        // The same once more.
        expect((await use<{ request: { id: number } }>(worker, 'request_merge')).request.id).toBe(asked.request.id);
        const { messages } = (await world.swarm(['msg', 'list', '--json'])).jsonAs<{ messages: { text: string }[] }>();
        expect(messages.filter(({ text }) => text.endsWith('It is whole.')).length).toBe(1);
        expect((await refusal(leader, 'request_merge')).code).toBe('NOT_AN_AGENT');
      }),
    );
    expect((await call(world, 'queue', ['queue', 'list'])).queue).toMatchObject([
      { agent: b.name, keep: true, state: 'requested' },
    ]);
    // Nobody has said yes.
    expect((await call(world, 'queue', ['queue', 'run'])).queue).toEqual([]);
    await call(world, 'queue', ['queue', 'pause', 'release day']);
    const waits = await call(world, 'queue', ['queue', 'add', b.name, '--keep']);
    expect(waits.paused).toBe('release day');
    expect((await call(world, 'queue', ['queue', 'list'])).queue).toMatchObject([{ agent: b.name, state: 'queued' }]);
    // A note on what has the yes asks for no other.
    await withMcp(world, { env: { SWARM_TOKEN: token } }, async ({ client }) => {
      expect(await use(client, 'request_merge', { note: 'Soon?' })).toMatchObject({ request: { state: 'queued' } });
    });
    const { messages } = (await world.swarm(['msg', 'list', '--json'])).jsonAs<{ messages: { text: string }[] }>();
    expect(messages.filter(({ text }) => text.endsWith('it is queued already. Soon?'))).toHaveLength(1);
  });

  it('takes a merge by name for the yes to a request, and tells a new request, or a new note, to who leads', async () => {
    const agent = await spawnOne(world, ['t-3']);
    const token = await takePlaceOf(world, agent);
    await call(world, 'queue', ['queue', 'pause']);
    type Asked = { readonly request: { readonly id: number }; readonly told: string | null };
    const notes = async () => {
      const { messages } = (await world.swarm(['msg', 'list', '--json'])).jsonAs<{ messages: { text: string }[] }>();
      return messages.flatMap(({ text }) => /says yes\. ?(.*)$/.exec(text)?.[1] ?? []);
    };
    await withMcp(world, {}, ({ client: leader }) =>
      withMcp(world, { env: { SWARM_TOKEN: token } }, async ({ client: worker }) => {
        put(agent, 'one.txt', 'one\n');
        await commit(agent);
        const first = await use<Asked>(worker, 'request_merge', { note: 'One.' });
        expect(await use(worker, 'request_merge')).toEqual({ ...first, told: null });
        expect(await use(worker, 'request_merge', { note: 'Mind one.txt.' })).toEqual({ ...first, told: 'person' });
        const merged = await use(leader, 'merge_agent', { agent: agent.name, keep: true });
        expect(merged).toMatchObject({ state: 'merged' });

        put(agent, 'two.txt', 'two\n');
        await commit(agent);
        const second = await use<Asked>(worker, 'request_merge', { note: 'Two.' });
        expect(second).toMatchObject({ request: { state: 'requested' }, told: 'person' });
        expect(second.request.id).not.toBe(first.request.id);
        expect(await notes()).toEqual(['One.', 'Mind one.txt.', 'Two.']);
        expect(await use(leader, 'merge_agent', { agent: agent.name, keep: true })).toMatchObject({ state: 'merged' });
      }),
    );
    // Nothing has its turn; what is answered no longer stands as if it waited.
    await call(world, 'queue', ['queue', 'run']);
    const { queue } = await call(world, 'queue', ['queue', 'list', '--all']);
    const own = queue.filter((entry: { readonly agent: string }) => entry.agent === agent.name);
    expect(own.map((entry: { readonly state: string }) => entry.state)).toEqual(['merged', 'merged']);
  });
});
