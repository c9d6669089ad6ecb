import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { briefingOf, gatherBriefing, isNews } from '../../src/board/briefing.ts';
import { type Board, boardOf } from '../../src/board/context.ts';
import { addMemory } from '../../src/board/memory.ts';
import { postMessage } from '../../src/board/messages/post.ts';
import { listMessages } from '../../src/board/messages/receipts.ts';
import { guest, PERSON } from '../../src/board/participants.ts';
import { setPlan } from '../../src/board/plan.ts';
import { addTasks } from '../../src/board/tasks/add.ts';
import { claimTask } from '../../src/board/tasks/claim.ts';
import { instructionsFor } from '../../src/mcp/instructions.ts';
import { spawnOne } from '../e2e/support.ts';
import { withWorldSession } from '../support/session.ts';
import { useWorld } from '../support/world.ts';
import { withWorldBoard } from './support.ts';

const world = useWorld();
const withBoard = (work: (board: Board) => Promise<void>) => withWorldBoard(world, work);
const me = guest('terminal-2');

describe('a briefing', () => {
  it('of an empty board says who one is and how the board works', () =>
    withBoard(async (board) => {
      const text = await briefingOf(board, me);
      expect(text).toMatch(/^# You are terminal-2 \(worker\)\n/);
      expect(text).toContain('`swarm task claim`');
      expect(text).not.toMatch(/## (?:Goal|Your task|What)/);
      expect(await briefingOf(board, PERSON)).toContain('swarm task add');
      expect(isNews(await gatherBriefing(board, me))).toBe(false);
    }));

  it('tells goal, task, messages and memory, what bears on the task first, and no more than fits', () =>
    withBoard(async (board) => {
      await setPlan(board, PERSON, { goal: 'Build a REST API', plan: 'Routes, then tests.' });
      await addTasks(board, PERSON, [
        { description: 'Write the routes', context: { files: ['src/routes.ts'], hints: 'Like users.ts' } },
      ]);
      await claimTask(board, me);
      await postMessage(board, PERSON, { to: [me], text: 'Hello' });
      await addMemory(board, me, { kind: 'discoveries', text: 'src/routes.ts is generated', team: true });
      for (let i = 0; i < 60; i++)
        await addMemory(board, me, { kind: 'concepts', text: `Note ${i}: ${'x'.repeat(i * 20)}`, team: i % 2 === 0 });
      const text = await briefingOf(board, me);
      expect(text).toContain('## Goal\n\nBuild a REST API\n\n## Plan\n\nRoutes, then tests.');
      expect(text).toContain('**task-001** (priority 3): Write the routes\nFiles: src/routes.ts\nHints: Like users.ts');
      expect(text).toContain('1 message waits for you');
      expect(text).toContain('## What the team knows\n\n- discoveries: src/routes.ts is generated (terminal-2)');
      expect(text).toContain('## What you noted\n\n- concepts: Note 59');
      expect(Buffer.byteLength(text)).toBeLessThan(5000);
      expect(isNews(await gatherBriefing(board, me))).toBe(true);
      // Over MCP the same, beside its own words for how the board is used.
      const instructions = await instructionsFor(board, me);
      for (const part of ['Build a REST API', '**task-001**', 'src/routes.ts is generated', 'claim_task']) {
        expect(instructions).toContain(part);
      }
      expect(instructions).not.toContain('swarm task');
    }));
});

describe('an agent', () => {
  const file = () => join(world.repo, '.git/swarm/agents/worker-1/briefing.md');
  const mail = () =>
    withWorldSession(world, async (session) =>
      (await listMessages(boardOf(session), PERSON)).map(({ type, to }) => `${type} ${to}`),
    );

  it('finds its briefing where its environment says, anew at each start, and in its inbox where it knows nothing else', async () => {
    const script = world.write(
      join(world.dir, 's.yaml'),
      'on:\n  - { prompt: ., do: [{ run: cat $SWARM_BRIEFING }] }\n',
    );
    await spawnOne(world, ['t1', '-p', 'go', '--', '--script', script]);
    expect(readFileSync(file(), 'utf8')).toMatch(/^# You are worker-1/);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect((await world.swarm(['capture', '1'])).stdout).toContain('# You are worker-1');
    expect(await mail()).toEqual([]);
    await withWorldSession(world, async (session) => {
      await addMemory(boardOf(session), PERSON, { kind: 'decisions', text: 'REST, not GraphQL', team: true });
    });
    for (let i = 0; i < 2; i++) expect((await world.swarm(['restart', '1'])).exitCode).toBe(0);
    expect(readFileSync(file(), 'utf8')).toContain('- decisions: REST, not GraphQL (person)');
    expect(await mail()).toEqual(['CONTEXT_UPDATE worker-1']);
  });
});
