import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { useTerminal } from '../odds/terminal.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const lines = (third: string) => `one\ntwo\n${third}\nfour\nfive\n`;

describe('bringing work home in swarm tui', () => {
  const world = useWorld({ files: { 'shared.txt': lines('three') } });
  const terminal = useTerminal(world);
  const change = async (agent: Agent) => {
    const cwd = agent.worktree ?? '';
    writeFileSync(join(cwd, 'shared.txt'), lines(`three of ${agent.name}`));
    await world.git(['add', '--all'], cwd);
    await world.git(['commit', '--quiet', '--no-verify', '-m', 'Change the third line'], cwd);
  };
  /** Who is told of a collision works on that for a moment, in which nothing of its is merged or pushed. */
  const heard = async (agent: Agent, words: RegExp) => {
    await waitFor(async (see) => {
      const { messages } = see(await call(world, 'messages', ['msg', 'list', '--to', agent.name]));
      return messages.some(({ state, text }) => state === 'seen' && words.test(text)) ? true : null;
    }, `${agent.name} to hear of a collision`);
    await world.swarm(['wait', agent.name]);
  };
  const tip = async () => (await world.git(['log', '-1', '--format=%s'])).trim();

  it('shows who collides, says what a merge comes to, asks, and proposes a pull request', async () => {
    const [a, b] = [await spawnOne(world, ['alpha']), await spawnOne(world, ['beta'])];
    await Promise.all([change(a), change(b)]);
    await call(world, 'up', ['up']);
    await world.swarm(['wait', a.name, b.name]);
    await terminal.open({ columns: 130, rows: 32 });
    await terminal.type('swarm tui; echo "left"$?');
    await terminal.shows(/1 collision/);
    for (const agent of [a, b]) await heard(agent, /can't be merged/);
    await terminal.shows(/▌.*≠ worker-\d/);
    await terminal.keys('t', 't', 't', 'g', 'g');
    await terminal.shows(/▌.*worker-1/);
    const before = await tip();
    await terminal.keys('m');
    await terminal.shows(/Git can merge it: 1 commit, 1 file, \+1 -1\./);
    await terminal.shows(/There is no gate: nothing tests it\./);
    await terminal.keys('n');
    await waitFor(
      async (see) => (see(await terminal.screen()).includes('Merge worker-1') ? null : true),
      'it to close',
    );
    expect(await tip()).toBe(before);
    await terminal.keys('m');
    await terminal.shows(/Merge worker-1 into/);
    // A dialog that opened by itself takes no yes for 400 ms; a second y, after it has closed, would be another command.
    await delay(500);
    await terminal.keys('y');
    await terminal.shows(/worker-1 is merged into .*, and removed/);
    expect(await tip()).not.toBe(before);

    await heard(b, /does not fit/);
    await terminal.shows(/▌ ○ idle.*worker-2/);
    await terminal.keys('m');
    await terminal.shows(/worker-2 can't be merged into/);
    await terminal.shows(/swarm merge worker-2 --rework/);
    await terminal.keys('M');
    await terminal.shows(/There is no remote to push to/);
    const origin = join(world.dir, 'origin.git');
    mkdirSync(origin);
    await world.git(['init', '--quiet', '--bare'], origin);
    await world.git(['remote', 'add', 'origin', origin]);
    await terminal.keys('M');
    await terminal.shows(/Push worker-2 and open a pull request\?/);
    await terminal.shows(/It can't be merged into \S+ as it is: shared\.txt/);
    await terminal.shows(/Change the third line/);
    await terminal.keys('n');
    await world.git(['reset', '--quiet', '--hard', 'main'], b.worktree ?? '');
    writeFileSync(join(b.worktree ?? '', 'new.txt'), 'new\n');
    await terminal.keys('m');
    await terminal.shows(/has no commit that \S+ lacks, but 1 file that is not committed: commit first \(c\)/);
    await terminal.keys('q');
    await terminal.shows(/left0/);
  });
});
