import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Handed } from '../../src/mcp/handed.ts';

describe('messages that were handed over', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const me = { id: 'guest:one', name: 'one' };

  function make() {
    const seen: string[] = [];
    const handed = new Handed(async (_, ids) => void seen.push(...ids));
    return { handed, seen };
  }

  it('have arrived when the next call comes in, each once', async () => {
    const { handed, seen } = make();
    handed.add(me, ['a', 'b']);
    await handed.arrived();
    await handed.arrived();
    expect(seen).toEqual(['a', 'b']);
  });

  it('have arrived at a client that answers long after, and long before they would be typed as well', async () => {
    const { handed, seen } = make();
    handed.ping = async () => ({});
    handed.add(me, ['a']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen).toEqual(['a']);
  });

  it('prove nothing where the client does not answer, or cannot be asked', async () => {
    for (const ping of [undefined, () => Promise.reject(new Error('gone')), () => new Promise<never>(() => {})]) {
      const { handed, seen } = make();
      if (ping !== undefined) handed.ping = ping;
      handed.add(me, ['a']);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(seen).toEqual([]);
    }
  });
});
