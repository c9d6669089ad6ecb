import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progress } from '../../src/cli/progress.ts';

/** A stream that remembers what was written. */
function fakeStream(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, columns: 20, write: (text: string) => written.push(text) > 0 };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubEnv('TERM', 'xterm');
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it('shows nothing for what is done within 400 ms', () => {
    const { written, stream } = fakeStream(true);
    const shown = progress('copying', stream);
    vi.advanceTimersByTime(399);
    shown.stop();
    vi.advanceTimersByTime(1000);
    expect(written).toEqual([]);
  });

  it('shows the newest text on one line, cut to the terminal, and takes it away again', () => {
    const { written, stream } = fakeStream(true);
    const shown = progress('copying', stream);
    vi.advanceTimersByTime(400);
    shown.update('waiting for worker-1 to be ready');
    vi.advanceTimersByTime(100);
    shown.stop();
    expect(written).toEqual(['\r\u001b[K⠋ copying', '\r\u001b[K⠙ waiting for work…', '\r\u001b[K']);
  });

  it('writes nothing where nobody looks', () => {
    const { written, stream } = fakeStream(false);
    const shown = progress('copying', stream);
    vi.advanceTimersByTime(5000);
    shown.stop();
    expect(written).toEqual([]);
  });

  it('writes each text once, as a line, where the cursor cannot move', () => {
    vi.stubEnv('TERM', 'dumb');
    const { written, stream } = fakeStream(true);
    const shown = progress('copying', stream);
    vi.advanceTimersByTime(2000);
    shown.update('done soon');
    vi.advanceTimersByTime(2000);
    shown.stop();
    expect(written).toEqual(['copying\n', 'done soon\n']);
  });
});
