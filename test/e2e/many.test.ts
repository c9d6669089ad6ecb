import { describe, expect, it } from 'vitest';
import { reserveNamed } from '../../src/agents/spawn/reserve.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';
import { call, documentOf, refused } from './support.ts';

const MANY = 30;

describe('many at once', () => {
  const world = useWorld();

  it('thirty swarms make thirty agents with names, branches, worktrees, windows and ports of their own', async () => {
    const calls = Array.from({ length: MANY }, (_, index) =>
      world.swarm(['spawn', `ticket-${index}`, '--agent', 'shell', '--json']),
    );
    const results = await Promise.all(calls);
    expect(results.filter(({ exitCode }) => exitCode !== 0).map(({ stdout, stderr }) => stdout + stderr)).toEqual([]);
    const answered = results.flatMap((result) => documentOf('spawn', result).agents);
    const { agents } = await call(world, 'ls', ['ls']);
    const distinct = (values: readonly unknown[]) => new Set(values).size;
    expect(agents).toHaveLength(MANY);
    expect(new Set(answered.map(({ id }) => id))).toEqual(new Set(agents.map(({ id }) => id)));
    for (const of of ['name', 'branch', 'worktree', 'pid'] as const) {
      expect(distinct(agents.map((agent) => agent[of]))).toBe(MANY);
    }
    expect(distinct(agents.map(({ tmux }) => tmux.window))).toBe(MANY);
    expect(distinct(agents.map(({ ports }) => ports['PORT']))).toBe(MANY);
    expect(distinct(agents.map(({ tmux }) => tmux.session))).toBe(1);
    expect(agents.map(({ status }) => status)).toEqual(agents.map(() => 'idle'));

    // Nothing more was made than what is on the books.
    const branches = (await world.git(['branch', '--format=%(refname:short)'])).trim().split('\n');
    expect(new Set(branches)).toEqual(new Set(['main', ...agents.map(({ branch }) => branch)]));
    expect((await world.git(['worktree', 'list'])).trim().split('\n')).toHaveLength(MANY + 1);
    const panes = (await world.tmux(['list-panes', '-a', '-F', '#{@swarm_agent}'])).stdout.trim().split('\n');
    expect(new Set(panes)).toEqual(new Set(agents.map(({ id }) => id)));
    expect(panes).toHaveLength(MANY);
    await world.git(['fsck', '--no-progress']);
  });
});

describe('several in one call', () => {
  const world = useWorld();

  it('there are never more than fifty, however many are started at once', async () => {
    await withWorldSession(world, async ({ db, repo }) => {
      const wish = (n: number) => ({ id: `a${n}`, name: null, ticket: null, cli: 'scripted' });
      for (let n = 0; n < 48; n++) await reserveNamed(db, repo, wish(n));
    });
    const spawns = ['t1', 't2', 't3', 't4'].map((ticket) =>
      world.swarm(['spawn', ticket, '--agent', 'scripted', '--json']),
    );
    const codes = (await Promise.all(spawns)).map(({ exitCode }) => exitCode).sort();
    expect(codes).toEqual([0, 0, 4, 4]);
    expect((await refused(world, ['spawn', 't5', '--agent', 'scripted'], 4)).code).toBe('TOO_MANY_AGENTS');
  });

  it('one that fails does not stop the others', async () => {
    await world.git(['branch', 'c/in/the/way']);
    const result = await world.swarm(['spawn', 'a', 'b', 'c', 'd', 'e', '--agent', 'shell', '--json']);
    const { agents, errors } = documentOf('spawn', result);
    expect(agents.map(({ ticket }) => ticket)).toEqual(['a', 'b', 'd', 'e']);
    expect(errors).toMatchObject([{ ticket: 'c', hint: expect.any(String) }]);
    expect(errors[0]?.message).toContain('c/in/the/way');
    expect(result.exitCode).toBe(4);
    expect((await world.git(['worktree', 'list'])).trim().split('\n')).toHaveLength(5);
    expect((await world.swarm(['ports', '--json'])).jsonAs<{ ports: unknown[] }>().ports).toHaveLength(4);
  });

  it('a crew gets one ticket and a branch each', async () => {
    const { agents } = await call(world, 'spawn', ['spawn', 't', '--agents', 'scripted:2,shell:1']);
    const seen = agents.map(({ cli, ticket, branch }) => `${cli} ${ticket} ${branch}`);
    expect(seen).toEqual(['scripted t t', 'scripted t t-2', 'shell t t-3']);
    // A ticket that several hold is all of them to send, and none to attach.
    const { deliveries } = await call(world, 'send', ['send', 't', 'echo together']);
    expect(deliveries.map(({ agent, state }) => `${agent} ${state}`).sort()).toEqual(
      agents.map(({ name }) => `${name} delivered`),
    );
    const refused = await call(world, 'error', ['status', 't'], { exit: 3 });
    expect(refused.error).toMatchObject({ code: 'AMBIGUOUS_AGENT' });
    expect(refused.error.details['candidates']).toEqual(agents.map(({ name }) => name));
  });
});
