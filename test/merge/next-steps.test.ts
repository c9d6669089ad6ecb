import { expect, it } from 'vitest';
import { agentById } from '../../src/agents/records.ts';
import { renderMerge } from '../../src/cli/merge.ts';
import { nextSteps } from '../../src/merge/next-steps.ts';
import type { MergeResult } from '../../src/merge/types.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld({ hostile: true });
const none = {
  commit: null,
  files: [],
  log: null,
  reason: null,
  removed: false,
  notes: [],
  strategy: 'squash',
} as const;

it('says what to type next, whatever a merge came to', async () => {
  const { id, name } = await spawnOne(world, ['t-1', '--no-wait']);
  await call(world, 'task-answer', ['task', 'add', 'Change it']);
  await call(world, 'task-answer', ['task', 'claim', '1'], { env: { SWARM_AGENT: name } });
  const lastOf = (
    part: Pick<MergeResult, 'state'> & Partial<MergeResult>,
    asked = { into: null as string | null, rework: false },
  ) =>
    withWorldSession(world, async (session) => {
      const row = await agentById(session.db, id);
      if (row === undefined) throw new Error('no such agent');
      const result = { ...none, agent: name, into: 'main', ...part };
      return renderMerge(result, await nextSteps(session, row, result, asked)).split('\n');
    });
  expect(await lastOf({ state: 'merged', commit: 'abc' })).toHaveLength(1);
  expect(await lastOf({ state: 'nothing' })).toEqual([
    `${name} has nothing that main lacks. Still open: task-001.`,
    '→ swarm task complete task-001 "what was done"',
    `→ swarm rm ${name}`,
  ]);
  const conflict = await lastOf({ state: 'conflict' }, { into: 're lease', rework: false });
  expect(conflict.slice(1)).toEqual([`→ swarm diff ${name}`, `→ swarm merge ${name} --into 're lease' --rework`]);
  expect((await lastOf({ state: 'conflict' }, { into: null, rework: true })).slice(1)).toEqual([
    `→ swarm diff ${name}`,
  ]);
  const red = await lastOf({ state: 'gate_failed', log: "/tmp/sp ace ü'q/gate.log" });
  expect(red.slice(1)).toEqual(["→ less '/tmp/sp ace ü'\\''q/gate.log'", `→ swarm merge ${name} --rework`]);
  const held = await lastOf({ state: 'refused', reason: 'there are changes', files: ['a.txt'] });
  expect(held.at(-1)).toBe(`→ git -C '${world.repo.replaceAll("'", "'\\''")}' status`);
});
