import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claude } from '../../src/agents/clis/claude.ts';
import { nodeFolder } from '../support/program.ts';
import { useWorld } from '../support/world.ts';
import { openAgent, quickScript } from './support.ts';

describe('dialogs', () => {
  const world = useWorld();

  test('an open dialog gets nothing, and the delivery names it', async () => {
    const agent = await openAgent(world, { modes: ['--dialog', 'start'] });
    await agent.shows('waiting');
    const delivery = await agent.send('yes, and 1 and y', { timeoutMs: 400 });
    expect(delivery).toMatchObject({ state: 'failed', attempts: 0, evidence: null });
    expect(delivery.reason).toMatch(/^it waits for an answer: \S/);
    expect(agent.log()).toEqual([]);
    const waiting = agent.send('after the answer');
    await agent.type('1');
    expect(await waiting).toMatchObject({ state: 'delivered' });
    expect(agent.prompts()).toEqual(['after the answer']);
  });

  test('a dialog that opens behind the paste is not answered by the Enter', async () => {
    for (let i = 0; i < 5; i++) {
      const agent = await openAgent(world, { name: `worker-${i}`, modes: ['--dialog', 'after-paste'] });
      const delivery = await agent.send('grant me');
      expect(delivery).toMatchObject({
        state: 'failed',
        attempts: 0,
        reason: expect.stringContaining('a dialog opened'),
      });
      expect(agent.log()).toEqual([]);
      await agent.shows('waiting');
    }
  });

  test('a permission question in a turn is not answered by the next prompt', async () => {
    const script = world.write('script.yaml', 'on: [{ prompt: first, do: [{ ask: "rm -rf build" }] }]\n');
    const agent = await openAgent(world, { modes: ['--script', script], hooks: true });
    expect(await agent.send('first')).toMatchObject({ state: 'delivered' });
    await agent.shows('waiting');
    for (const mode of ['when-idle', 'now', 'interrupt'] as const) {
      expect(await agent.send('second', { mode, timeoutMs: 300 })).toMatchObject({ state: 'failed', attempts: 0 });
    }
    await agent.shows('waiting');
    expect(agent.log()).toMatchObject([{ prompt: 'first' }]);
  });

  test('words of a dialog in the transcript or in the prompt are no dialog', async () => {
    const script = world.write('script.yaml', 'default: [{ say: "Press Esc to cancel\\nDo you want to proceed?" }]\n');
    const agent = await openAgent(world, { modes: ['--script', script] });
    const texts = ['Esc to cancel', 'Enter to confirm · Esc to cancel', 'plain'];
    for (const text of texts) expect(await agent.send(text)).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(agent.prompts()).toEqual(texts);
  });

  test("the CLI's question about trust is reported, or answered where the config says so", async () => {
    const agent = await openAgent(world, { modes: [...quickScript(world), '--trust'] });
    await agent.shows('waiting');
    const asked = await agent.send('hello', { timeoutMs: 300 });
    expect(asked).toMatchObject({ state: 'failed', reason: expect.stringContaining('trust') });
    expect(agent.log()).toEqual([]);
    expect(await agent.send('hello', { dialogsTrust: 'accept' })).toMatchObject({ state: 'delivered' });
    expect(agent.log()).toMatchObject([{ answer: expect.stringContaining('Yes') }, { prompt: 'hello' }]);
    const events = await agent.db.selectFrom('events').selectAll().execute();
    expect(events).toMatchObject([
      { agent: 'worker-1', type: 'dialog-answered', data: expect.stringContaining('Yes') },
    ]);
    // Only such a question: permissions stay with the person.
    const other = await openAgent(world, { name: 'worker-2', modes: ['--dialog', 'start'] });
    await other.shows('waiting');
    expect(await other.send('x', { dialogsTrust: 'accept', timeoutMs: 400 })).toMatchObject({ state: 'failed' });
    expect(other.log()).toEqual([]);
  });

  test('an answer that is missed is given again, once the question is seen to stay', async () => {
    const argv = [join(nodeFolder, 'node'), join(import.meta.dirname, 'fixtures', 'deaf-dialog.ts')];
    const agent = await openAgent(world, { argv, cli: claude });
    await agent.shows('waiting');
    expect(await agent.send('hello', { dialogsTrust: 'accept' })).toMatchObject({
      state: 'failed',
      reason: 'its program has ended with status 0',
    });
    const events = await agent.db.selectFrom('events').select('type').execute();
    expect(events).toEqual([{ type: 'dialog-answered' }]);
  });
});
