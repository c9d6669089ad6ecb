import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { normalise } from '../../src/agents/deliver/normalise.ts';
import { useWorld } from '../support/world.ts';
import { died } from '../tmux/support.ts';
import { described, openAgent, quickScript } from './support.ts';
import { ZOO } from './zoo.ts';

/** Ways in which an agent CLI makes it hard. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  fast: [],
  'slow, and its hooks report': ['--slow', '15', '--startup', '400ms'],
  'burst, on the alternate screen': ['--burst', '120ms', '--alternate'],
};

const bot = described({ paste: 'line', ready: '^bot>' });

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

  test('an open dialog and a dead process get none of them', { timeout: 240_000 }, async () => {
    const asking = await openAgent(world, { name: 'asking', modes: ['--dialog', 'start'] });
    const dead = await openAgent(world, { name: 'dead' });
    await asking.shows('waiting');
    process.kill(dead.pid, 'SIGKILL');
    await died(dead.to, dead.pane);
    for (const agent of [asking, dead]) {
      const outcomes = new Set<string>();
      for (const { text } of ZOO) {
        const { state, attempts, reason } = await agent.send(text, { timeoutMs: 0, raw: false });
        outcomes.add(`${state} ${attempts} ${reason?.replace(/:.*$/su, '')}`);
      }
      const why = agent === dead ? 'its program has ended by signal 9' : 'it waits for an answer';
      expect([...outcomes]).toEqual([`failed 0 ${why}`]);
      expect(agent.log()).toEqual([]);
    }
    await asking.shows('waiting');
  });

  test('a line-mode program gets the lines among them, and the rest is refused', { timeout: 240_000 }, async () => {
    const log = join(world.dir, 'lines');
    const loop = `printf 'bot> '; while IFS= read -r line; do printf '%s\\n' "$line" >>"$LOG"; printf 'bot> '; done`;
    const agent = await openAgent(world, { cli: bot, argv: [`LOG=${log}`, '/bin/sh', '-c', loop] });
    const wanted: string[] = [];
    for (const { text, arrives } of ZOO) {
      const { text: plain } = normalise(text, { ...bot, paste: 'bracketed' }, true);
      const line = plain.replace(/\n$/, '');
      if (line.includes('\n') || Buffer.byteLength(line) > 4094) {
        await expect(agent.send(text), arrives).rejects.toMatchObject({ exit: 6, code: 'NOT_ONE_LINE' });
      } else {
        expect(await agent.send(text), text).toMatchObject({ state: 'delivered', attempts: 1 });
        wanted.push(line);
      }
    }
    expect(readFileSync(log, 'utf8').split('\n')).toEqual([...wanted, '']);
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
