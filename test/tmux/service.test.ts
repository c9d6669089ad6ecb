import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';
import { driver, session } from './support.ts';

// tmux misses one death of twenty until another child of its own ends: that is what each wait here reaps for.
describe.each([{ hostile: false }, { hostile: true }])('services, hostile settings: $hostile', ({ hostile }) => {
  const world = useWorld({ hostile });
  const program = (script: string) => ['/bin/sh', '-c', script];

  async function open(script: string, respawns: number) {
    const to = driver(world);
    const at = await session(world, to);
    return to.openService({
      session: at,
      name: 'service',
      cwd: world.repo,
      argv: program(script),
      mark: 'm',
      respawns,
    });
  }

  test('a program that fails at once is started again, and takes neither its window nor the server along', async () => {
    for (let time = 0; time < 5; time++) {
      const pane = await open('exit 3', 0);
      await waitFor(async (see) => {
        await driver(world).reap();
        const found = see(await driver(world).findService('m'));
        return found.some((one) => one.pane === pane && one.dead) ? true : null;
      }, 'its dead pane');
      await driver(world).killPane(pane);
    }
    const pane = await open('echo x >> runs; exit 3', 3);
    await waitFor(async (see) => (see(await runs(world)) === 4 ? true : null), 'four runs');
    const format = '#{@swarm_respawns} #{window_name}';
    expect((await world.tmux(['display-message', '-p', '-t', pane, format])).stdout).toBe('3 service\n');
  });

  test('a program that ends well takes its window along, and no other', async () => {
    const argv = ['sleep', '100'];
    const to = driver(world);
    const other = await to.newWindow({ session: await session(world), name: 'a', cwd: world.repo, argv, agentId: 'a' });
    await open('exit 0', 3);
    const left = async () => (await world.tmux(['list-panes', '-a', '-F', '#{pane_id}'])).stdout.trim();
    await waitFor(async (see) => {
      await to.reap();
      return see(await left()) === other.pane ? true : null;
    }, 'the window to go');
  });
});

async function runs(world: World): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  await driver(world).reap();
  return (await readFile(`${world.repo}/runs`, 'utf8').catch(() => '')).trim().split('\n').length;
}
