import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, sharedWorld, shows, spawnOne } from './support.ts';

/** What breaks tools that parse names, look windows up by number, or trust git's and tmux's defaults. */
describe.each([
  ['my-app', 'swarm-my-app'],
  ['next.js', 'swarm-next_js'],
  ['a b', 'swarm-a_b'],
])('a repository called %s, with a hostile git and tmux configuration', (repoName, tmuxSession) => {
  const world = sharedWorld({ hostile: true, repoName, files: { 'src/deep/a.txt': 'a\n' } });

  it('gives an agent from spawn to stop, called from anywhere in it', async () => {
    const inside = join(world.repo, 'src', 'deep');
    writeFileSync(join(inside, 'mine.txt'), 'caf\xe9', 'latin1');
    const agent = await spawnOne(world, ['fix-it', '-p', 'It\'s "$HOME" `date`;', '--with-changes'], { cwd: inside });
    expect(agent).toMatchObject({ branch: 'fix-it', base: 'main', tmux: { session: tmuxSession } });
    expect(agent.git).toMatchObject({ ahead: 0, dirty: 1, subject: 'First commit' });
    const worktree = agent.worktree ?? '';
    const name = await world.tmux(['display-message', '-p', '-t', agent.tmux.pane ?? '', '#{window_name}']);
    expect(name.stdout).toBe('worker-1 fix-it\n');
    await world.swarm(['wait', '1']);
    await shows(world, '1', 'Done: It\'s "$HOME" `date`;');

    // From inside a worktree it is the same session.
    mkdirSync(join(worktree, 'sub'));
    const { agents } = await call(world, 'ls', ['ls'], { cwd: join(worktree, 'sub') });
    expect(agents).toMatchObject([{ id: agent.id, status: 'idle', git: { dirty: 1 } }]);
    const more = await call(world, 'spawn', ['spawn', 't2', '--agent', 'shell'], { cwd: worktree });
    expect(more.agents).toMatchObject([{ name: 'worker-2', tmux: { session: tmuxSession } }]);
    const text = 'echo "a  $((6 * 7)) b"';
    expect(await call(world, 'send', ['send', 't2', text])).toMatchObject({ deliveries: [{ state: 'delivered' }] });
    await world.swarm(['wait', 't2']);
    await shows(world, 't2', 'a  42 b');
    writeFileSync(join(worktree, 'sub', 'new.txt'), 'new\n');
    const diff = await world.swarm(['diff', '1'], { cwd: inside });
    expect(diff.stdout).toContain('sub/new.txt\nnew file mode');
    expect((await world.swarm(['path', '2'])).stdout).toBe(`${more.agents[0]?.worktree}\n`);

    await call(world, 'status', ['pause', '1'], { cwd: worktree });
    const back = await call(world, 'revive', ['resume', '1']);
    expect(back).toMatchObject({ resumed: true, agent: { name: 'worker-1', ports: agent.ports } });
    expect((await call(world, 'send', ['send', '1', 'Still there?'])).deliveries).toMatchObject([
      { state: 'delivered' },
    ]);
    expect((await call(world, 'status', ['stop', 'worker-1'])).agent.status).toBe('exited');
    expect((await call(world, 'status', ['stop', 'worker-2'])).agent.status).toBe('exited');
    expect(await world.git(['status', '--porcelain', '--untracked-files=all'], world.repo)).toContain('mine.txt');
  });
});
