import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/process/run.ts';
import { writeToTerminal } from '../../src/process/terminal.ts';
import { useWorld } from '../support/world.ts';

describe('words for a terminal', () => {
  const world = useWorld();

  it('wait for none that takes nothing any more, and are lost on one that is gone', async () => {
    const pipe = join(world.dir, 'terminal');
    await run(['mkfifo', pipe]);
    // Nobody reads.
    writeToTerminal(pipe, 'hello');
    const file = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      const fill = () => {
        for (;;) writeSync(file, 'x'.repeat(4096));
      };
      expect(fill).toThrow('EAGAIN');
      writeToTerminal(pipe, 'hello');
    } finally {
      closeSync(file);
    }
    writeToTerminal(join(world.dir, 'none'), 'hello');
  });
});
