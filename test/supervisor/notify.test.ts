import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { writeScript } from '../support/hostile.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

describe('notifications', () => {
  const world = useWorld();
  const person = useTerminal(world);
  afterEach(() => world.swarm(['down']));

  /** An agent that works for a while when told to, watched over with these settings. */
  const watched = async (notify: string) => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', `notify: ${notify}\n`);
    const script = world.write(join(world.dir, 'script.yaml'), 'default: [{ wait: 1500ms }]\n');
    await spawnOne(world, ['t1', '--', '--script', script]);
    await world.swarm(['wait', '1']);
    await world.swarm(['up']);
  };
  const holds = (file: string, text: string) =>
    waitFor(async (see) => (existsSync(file) && see(readFileSync(file, 'utf8')).includes(text) ? true : null), text);

  it("go to the desktop's own program, once for the same news", async () => {
    const told = join(world.dir, 'told');
    writeScript(join(world.bin, 'notify-send'), `printf '<%s>' "$@" >> '${told}'`);
    await watched('{ bell: false, desktop: true }');
    await world.swarm(['send', '1', 'hello']);
    await holds(told, '<swarm><worker-1 has finished its turn>');
    await world.swarm(['send', '1', 'again']);
    await world.swarm(['wait', '1']);
    await world.swarm(['down']);
    expect(readFileSync(told, 'utf8').match(/has finished/g)).toHaveLength(1);
  });

  it('go to the terminal of who looks where there is no such program, and ring there', async () => {
    writeScript(join(world.bin, 'notify-send'), 'exit 1');
    await watched('{ bell: true, desktop: true }');
    await person.open();
    await person.type('swarm attach 1');
    await person.shows(/Type your prompt/);
    const seen = join(world.dir, 'seen');
    await person.tmux('pipe-pane', `cat >> '${seen}'`);
    await world.swarm(['send', '1', 'hello']);
    await holds(seen, '\u001b]777;notify;swarm;worker-1 has finished its turn\u0007\u0007');
  });
});
