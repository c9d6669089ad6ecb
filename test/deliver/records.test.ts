import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settleInterrupted } from '../../src/agents/deliver/records.ts';
import { nodeFolder, root, start } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { openAgent, quickScript, type TestAgent } from './support.ts';

describe('what is kept of a delivery', () => {
  const world = useWorld();

  test('its text in a file of its own, and how it went', async () => {
    const agent = await openAgent(world, { modes: quickScript(world) });
    const delivery = await agent.send('a\r\nb');
    expect(delivery.changes).toEqual(['line ends made LF']);
    const [row] = await agent.db.selectFrom('deliveries').selectAll().execute();
    expect(row).toMatchObject({
      id: delivery.message,
      agent_id: 'worker-1',
      state: 'delivered',
      attempts: 1,
      ms: delivery.ms,
    });
    const file = join(world.dir, 'session', row?.file ?? '');
    expect(readFileSync(file, 'utf8')).toBe('a\nb');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.for([
    ['', 'is empty'],
    [' \n\t ', 'only white space'],
    ['\x1b[31m\x00', 'only control characters'],
  ] as const)('an empty prompt %j is refused', async ([text, words]) => {
    const agent = await openAgent(world);
    await expect(agent.send(text)).rejects.toMatchObject({
      exit: 2,
      code: 'EMPTY_PROMPT',
      message: expect.stringContaining(words),
    });
    expect(agent.log()).toEqual([]);
  });

  test('after a kill -9 it is unknown, is not repeated, and the next one goes through', async () => {
    const agent = await openAgent(world, { modes: [...quickScript(world), '--eat-enter', '1'] });
    await agent.shows('ready');
    for (const [stage, settled] of [
      ['queued', 'failed'],
      ['submitted', 'unknown'],
    ] as const) {
      // A draft keeps it queued; the swallowed Enter keeps it submitted.
      if (stage === 'queued') await agent.type('-l', 'draft');
      const child = await sendFromChild(agent, `sent while ${stage}`);
      await waitFor(async (see) => (see(await stateOf(agent, child.message()))?.state === stage ? true : null), stage);
      process.kill(child.pid, 'SIGKILL');
      await child.result;
      expect(await settleInterrupted(agent.db)).toMatchObject([{ agentId: 'worker-1', state: settled }]);
      expect(await settleInterrupted(agent.db)).toEqual([]);
      await agent.type('C-u');
      await waitFor(async () => ((await agent.draft()) === '' ? true : null), 'an empty box');
    }
    expect(await agent.send('next')).toMatchObject({ state: 'delivered' });
    expect(agent.prompts()).toEqual(['next']);
  });

  const stateOf = async (agent: TestAgent, text: string) => {
    const rows = await agent.db.selectFrom('deliveries').selectAll().orderBy('created_at').execute();
    return rows.find((row) => readFileSync(join(world.dir, 'session', row.file), 'utf8') === text);
  };

  /** Another swarm that delivers. */
  async function sendFromChild(agent: TestAgent, text: string) {
    const { pane, pid, dir } = agent;
    const request = JSON.stringify({ socket: world.socket, pane, pid, agentDir: dir, text });
    const argv = [join(nodeFolder, 'node'), join(root, 'test', 'deliver', 'fixtures', 'send.ts'), request];
    return { ...start(argv, { cwd: world.repo, env: world.env }), message: () => text };
  }
});
