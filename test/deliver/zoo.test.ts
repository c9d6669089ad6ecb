import { describe, expect, test } from 'vitest';
import { useWorld } from '../support/world.ts';
import { openAgent, quickScript } from './support.ts';
import { ZOO } from './zoo.ts';

/** Ways in which an agent CLI makes it hard. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  fast: [],
  'slow, and its hooks report': ['--slow', '15', '--startup', '400ms'],
  'burst, on the alternate screen': ['--burst', '120ms', '--alternate'],
};

describe('the prompt zoo', () => {
  const world = useWorld();

  test('holds at least 40 texts', () => {
    expect(ZOO.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ZOO.map(({ text }) => text)).size).toBe(ZOO.length);
  });

  test('every text arrives whole and once, in every mode', { timeout: 300_000 }, async () => {
    const runs = Object.entries(MODES).map(([name, modes], i) => visit(name, modes, `worker-${i}`));
    expect((await Promise.all(runs)).flat()).toEqual([]);
  });

  /** Sends every text to one agent; answers with what was not right. */
  async function visit(mode: string, modes: readonly string[], name: string): Promise<unknown[]> {
    const hooks = mode.includes('hooks');
    const agent = await openAgent(world, { name, modes: [...quickScript(world), ...modes], hooks });
    const wrong: unknown[] = [];
    for (const { name: animal, text, arrives } of ZOO) {
      const already = agent.prompts().length;
      const delivery = await agent.send(text, { raw: false, timeoutMs: 60_000 });
      const received = agent.prompts().slice(already);
      const right = delivery.state === 'delivered' && delivery.evidence === (hooks ? 'hook' : 'screen');
      const said = (arrives === undefined) === (delivery.changes.length === 0);
      if (!right || !said || received.length !== 1 || received[0] !== (arrives ?? text)) {
        wrong.push({ mode, animal, delivery, received: received.map((one) => one.slice(0, 200)) });
      }
    }
    wrong.push(...agent.log().filter((line) => !('prompt' in line)));
    return wrong;
  }
});
