import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agents/types.ts';
import { call, documentOf, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { useTerminal } from './terminal.ts';

describe('swarm ls', () => {
  const world = useWorld();
  const terminal = useTerminal(world);

  it('--all shows who can be restored, marked, and --json says so', async () => {
    await spawnOne(world, ['gone', '--name', 'api']);
    const agent = await spawnOne(world, ['here']);
    expect((await world.swarm(['rm', 'api'])).exitCode).toBe(0);
    expect(await call(world, 'ls', ['ls'])).toMatchObject({ agents: [{ id: agent.id }], removed: null });
    const { removed } = await call(world, 'ls', ['ls', '--all', '--fresh']);
    expect(removed).toMatchObject([{ name: 'api', ticket: 'gone', cli: 'scripted', branch: 'gone' }]);
    const { stdout } = await world.swarm(['ls', '--all']);
    expect(stdout).toMatch(/^api +– removed +scripted +gone .* swarm restore api$/m);
    expect((await world.swarm(['ls'])).stdout).not.toContain('removed');
    await world.swarm(['restore', 'api']);
    expect((await world.swarm(['ls', '--all'])).stdout).not.toContain('removed');
  });

  it('says who asks the person something, as long as they wait for it', async () => {
    expect(await call(world, 'ls', ['ls'])).toMatchObject({ questions: [] });
    const asked = await world.swarm(['ask', 'Which \u001b[31mlicence?', '--no-wait', '--as', 'anna']);
    const id = asked.stdout.trim();
    const { questions } = await call(world, 'ls', ['ls']);
    expect(questions).toMatchObject([{ id, from: 'anna' }]);
    const answer = `swarm answer ${id.slice(0, 8)} TEXT`;
    expect((await world.swarm(['ls'])).stdout).toMatch(/^No agents yet.*\n\? anna asks: Which licence\?/);
    expect((await world.swarm(['ls'])).stdout).toContain(answer);
    await world.swarm(['answer', id.slice(0, 8), 'MIT']);
    expect((await world.swarm(['ls'])).stdout).not.toContain('anna');
  });

  it('says how many messages wait for the person, until they are read', async () => {
    expect(await call(world, 'ls', ['ls'])).toMatchObject({ unread: 0 });
    const send = (...words: string[]) => world.swarm(['msg', 'send', 'person', ...words, '--as', 'anna']);
    await send('One');
    await send('Soon of no use', '--expires', '1ms');
    await world.swarm(['ask', 'Which?', '--no-wait', '--as', 'anna']);
    expect(await call(world, 'ls', ['ls'])).toMatchObject({ unread: 1 });
    expect((await world.swarm(['ls'])).stdout).toContain('1 message for you → swarm msg read\n');
    await send('Two');
    expect((await world.swarm(['ls'])).stdout).toContain('2 messages for you → swarm msg read\n');
    await world.swarm(['msg', 'read', '--type', 'TEXT']);
    expect((await world.swarm(['ls'])).stdout).not.toContain('for you');
  });

  it('fits narrow terminals: cuts, then leaves out what matters least', async () => {
    await spawnOne(world, ['a-ticket-with-a-rather-long-name-that-takes-much-room', '-p', 'Hello']);
    for (const columns of [200, 100, 70, 50, 36, 24]) {
      await terminal.open({ columns, rows: 8 });
      const { screen } = await terminal.run('clear; NO_COLOR=1 swarm ls');
      const lines = screen.split('\n');
      const title = lines.findIndex((line) => line.startsWith('AGENT'));
      // Not broken over two lines: below the titles is the agent, and below it the end.
      expect(lines[title + 1], screen).toMatch(/^worker-1 +\S+ +\w+/);
      expect(lines[title + 2], screen).toMatch(/^ended/);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines[title]?.includes('BRANCH')).toBe(columns > 24);
      if (columns >= 100 || columns <= 50) expect(lines[title]?.includes('PORTS')).toBe(columns >= 100);
      await terminal.close();
    }
  });

  it('--watch draws in its place, follows what changes, and gives the terminal back', async () => {
    await terminal.open({ columns: 100, rows: 12 });
    await terminal.run('clear; echo before');
    await terminal.type('swarm ls --watch');
    await terminal.shows(/No agents yet[\s\S]*Ctrl-C ends/);
    for (const ticket of ['one', 'two']) await spawnOne(world, [ticket]);
    await terminal.shows(/AGENT[^\n]*\nworker-1 [^\n]*\nworker-2 [^\n]*\n\d\d:\d\d:\d\d/);
    await terminal.resize(60, 3);
    expect(await terminal.shows(/AGENT[^\n]*\nworker-1[^\n]*\n… 1 more: 1 idle/)).not.toContain('worker-2');
    // Who needs somebody is not among those that are left out.
    await world.swarm(['stop', 'worker-1']);
    expect(await terminal.shows(/AGENT[^\n]*\nworker-2[^\n]*\n… 1 more: 1 exited/)).not.toContain('worker-1');
    await terminal.resize(100, 12);
    await world.swarm(['rm', 'worker-1', '--force']);
    await terminal.shows(/AGENT[^\n]*\nworker-2[^\n]*\n\d\d:/);
    await terminal.keys('C-c');
    const { screen } = await terminal.run('echo after $?');
    expect(screen).toMatch(/^before\n.*\n\$ swarm ls --watch\n/);
    expect(screen).toContain('after 130');
    expect(screen).not.toContain('worker-2');
  });

  it('--watch --json is a line for each change, until it is interrupted or nobody reads', async () => {
    const watching = world.start(['ls', '--watch', '--json']);
    const documents = () =>
      watching
        .stdout()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { agents: Agent[] });
    const until = (what: string, test: (agents: readonly Agent[]) => boolean) =>
      waitFor((see) => (see(documents()).some(({ agents }) => test(agents)) ? true : null), what);
    await until('an empty team', (agents) => agents.length === 0);
    const agent = await spawnOne(world, ['t', '-p', 'Hello']);
    await until('the agent, idle', ([first]) => first?.status === 'idle');
    world.write(`${agent.worktree}/new.txt`, 'one\ntwo\n');
    await until('its new file', ([first]) => first?.git?.dirty === 1);
    const before = documents().length;
    expect(
      new Set(
        watching
          .stdout()
          .split('\n')
          .map((line) => line.replaceAll(/"at":"[^"]*"/g, '')),
      ).size,
    ).toBe(before + 1);
    process.kill(watching.pid, 'SIGINT');
    const ended = await watching.result;
    expect(ended).toMatchObject({ exitCode: 130, stderr: '' });
    for (const line of ended.stdout.trimEnd().split('\n')) {
      documentOf('ls', { ...ended, jsonAs: <T>() => JSON.parse(line) as T });
    }

    await terminal.open();
    const piped = terminal.run('swarm ls --watch --json | head -1 | cut -c1-12');
    await terminal.shows(/^\{"schema":1/m);
    await spawnOne(world, ['next']);
    expect(await piped).toMatchObject({ exitCode: 0 });
  });
});
