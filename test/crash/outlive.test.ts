import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent, Delivery } from '../../src/agents/types.ts';
import { groupLives } from '../../src/process/identity.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';
import { audit } from './audit.ts';
import { agents, crash, prompts, repairWell, SLOW, well } from './support.ts';

/** A script that says that it runs, and then takes for ever, until the test lets it be quick. */
function slow(world: World, rest = ''): string {
  const [started, quick] = [join(world.dir, 'started'), join(world.dir, 'quick')];
  return `echo $$ > '${started}'; [ -e '${quick}' ] || sleep 300; ${rest}`;
}

function hook(world: World, name: string, script: string): void {
  const file = world.write(join('.git', 'hooks', name), `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** Kills swarm as soon as the slow script runs. Answers the script's process. */
async function killWhileSlow(world: World, words: readonly string[]): Promise<number> {
  const call = world.start(words);
  const pid = await waitFor(() => {
    const file = join(world.dir, 'started');
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) || null : null;
  }, 'the slow script');
  process.kill(call.pid, 'SIGKILL');
  await call.result;
  writeFileSync(join(world.dir, 'quick'), '');
  return pid;
}

const SPAWN = ['spawn', 'ticket', '--agent', 'scripted', '-p', 'Say hello'];

describe('what outlives a killed swarm', () => {
  const world = useWorld({ files: { '.gitattributes': '*.slow filter=slow\n', 'big.slow': 'big\n' } });

  it.each(['smudge filter', 'post-checkout hook', 'reference-transaction hook'])(
    'is ended by repair: git in the middle of a slow %s, and the spawn is undone',
    SLOW,
    async (what) => {
      if (what === 'smudge filter') await world.git(['config', 'filter.slow.smudge', slow(world, 'cat')]);
      else if (what === 'post-checkout hook') hook(world, 'post-checkout', slow(world));
      // Only while the ref is locked.
      else hook(world, 'reference-transaction', `[ "$1" = prepared ] || exit 0; ${slow(world, 'true')}`);
      const pid = await killWhileSlow(world, SPAWN);
      const items = await repairWell(world);
      expect(items).toContainEqual({ what: 'spawn of worker-1', state: 'mended', how: 'undone' });
      expect(await groupLives(pid)).toBe(false);
      expect(existsSync(join(dirname(world.repo), 'app.worktrees'))).toBe(false);
      expect(await audit(world)).toEqual([]);
      expect(await well(world, SPAWN)).toMatchObject({ deliveries: [{ state: 'delivered' }] });
      expect(await audit(world)).toEqual([]);
    },
  );

  it('is ended by repair: a post_create with all of its group, and restart runs it again', SLOW, async () => {
    // What the hook starts may forget its environment, not its group.
    const script = `env -i /bin/sleep 300 & ${slow(world, 'kill $!; touch made')}`;
    const config = `hooks: { post_create: [${JSON.stringify(script)}] }\n`;
    world.write(join(world.home, '.config', 'swarm', 'config.yaml'), config);
    const pid = await killWhileSlow(world, SPAWN);
    expect(await groupLives(pid)).toBe(true);
    const items = await repairWell(world);
    expect(items).toContainEqual(
      expect.objectContaining({ what: 'spawn of worker-1', how: expect.stringContaining('swarm restart worker-1') }),
    );
    expect(await groupLives(pid)).toBe(false);
    expect(await audit(world)).toEqual([]);
    const [agent] = await agents(world);
    expect(agent).toMatchObject({ status: 'failed', reason: expect.stringContaining('interrupted') });
    const back = await well<{ agent: Agent; deliveries: Delivery[] }>(world, ['restart', 'worker-1']);
    expect(back.deliveries).toMatchObject([{ state: 'delivered' }]);
    expect(existsSync(join(back.agent.worktree ?? '', 'made'))).toBe(true);
    expect([...prompts(world)]).toEqual([['Say hello', 1]]);
  });
});

describe('a delivery killed between paste and proof', () => {
  const world = useWorld();

  it('is unknown, says so, and is not repeated; what is left in the box is a draft', SLOW, async () => {
    await well(world, ['spawn', 'a', '--agent', 'scripted']);
    await crash(world, ['send', 'worker-1', 'pasted and left'], 'deliver:paste:effect');
    const unknown = { what: 'delivery to worker-1', state: 'mended', how: expect.stringContaining('not sent again') };
    expect(await repairWell(world)).toContainEqual(unknown);
    const next = await world.swarm(['send', 'worker-1', 'next', '--timeout', '300ms', '--json']);
    expect(next.exitCode).toBe(6);
    expect(next.jsonAs<{ deliveries: Delivery[] }>().deliveries).toMatchObject([
      { state: 'failed', attempts: 0, reason: expect.stringContaining('draft') },
    ]);
    const [agent] = await agents(world);
    await world.tmux(['send-keys', '-t', agent?.tmux.pane ?? '', 'C-u']);
    await well(world, ['send', 'worker-1', 'next']);

    await crash(world, ['send', 'worker-1', 'submitted'], 'deliver:enter:effect');
    expect(await repairWell(world)).toContainEqual(unknown);
    await well(world, ['wait', 'worker-1', '--for', 'idle', '--timeout', '20s']);
    await well(world, ['send', 'worker-1', 'last']);
    expect([...prompts(world)]).toEqual([
      ['next', 1],
      ['submitted', 1],
      ['last', 1],
    ]);
  });
});
