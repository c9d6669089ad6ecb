import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../src/agents/log/log.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { call, documentOf, refused, shows, spawnOne } from './support.ts';

const SCRIPT = `
on:
  - { prompt: work, do: [{ edit: { file: a.txt, text: hello } }, { run: 'API_KEY=abc123 true' }, { say: Did it. }] }
  - { prompt: break, do: [{ run: 'echo no such thing >&2; exit 3' }] }
`;

describe('swarm log', () => {
  const world = useWorld();
  afterEach(() => world.swarm(['down']));
  const spawn = async () => {
    const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
    return spawnOne(world, ['t1', '-p', 'work', '--', '--script', script]);
  };
  const events = async (...words: string[]) => (await call(world, 'log', ['log', ...words])).events;
  const words = ({ type, data }: LogLine) => [type, data['tool_name'], data['success']];

  it('shows what happened, in words and as JSON', async () => {
    await spawn();
    await world.swarm(['wait', '1']);
    const all = await events();
    expect(all.map(({ type }) => type)).toEqual(expect.arrayContaining(['started', 'delivery', 'status']));
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((a, b) => Number(a) - Number(b)));
    expect(await events('-n', '1')).toEqual(all.slice(-1));
    expect(await events('-n', '0')).toEqual([]);
    expect((await events('--type', 'status,started')).every(({ type }) => /^sta/.test(type))).toBe(true);
    expect(await events('--since', '1h')).toEqual(all);
    expect(await events('--since', '2999-01-01')).toEqual([]);
    const { stdout } = await world.swarm(['log']);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}worker-1 {4}status +starting → \w+: /m);
    expect(stdout).toMatch(/delivery +prompt delivered/);
    expect(stdout).not.toContain('→ Edit');
    expect(await refused(world, ['log', '--since', 'soon'], 2)).toMatchObject({ code: 'BAD_TIME' });
    expect(await refused(world, ['log', '--agent', 'nobody'], 3)).toMatchObject({ code: 'NO_SUCH_AGENT' });
  });

  it('knows an agent under its former names, and once it is removed', async () => {
    await spawn();
    await world.swarm(['rename', 'worker-1', 'api']);
    const types = (await events('--agent', 'api')).map(({ agent, type }) => `${agent} ${type}`);
    expect(types).toEqual(expect.arrayContaining(['worker-1 started', 'api renamed']));
    await spawnOne(world, ['t2', '--name', 'other']);
    expect((await events('--agent', 'api')).some(({ agent }) => agent === 'other')).toBe(false);
    await world.swarm(['rm', 'api', '--force']);
    expect((await events('--agent', 'api')).at(-1)).toMatchObject({ agent: 'api', type: 'removed' });
  });

  it('has the tool calls, without secrets, also where no supervisor runs', async () => {
    await spawn();
    await world.swarm(['wait', '1']);
    await world.swarm(['send', '1', 'break']);
    await waitFor(async (see) => {
      const seen = (await events('--tools', '--type', 'tool_call_start,tool_call_complete')).map(words);
      expect(see(seen)).toEqual([
        ['tool_call_start', 'Edit', null],
        ['tool_call_complete', 'Edit', true],
        ['tool_call_start', 'Bash', null],
        ['tool_call_complete', 'Bash', true],
        ['tool_call_start', 'Bash', null],
        ['tool_call_complete', 'Bash', false],
      ]);
      return true;
    }, 'the tool calls');
    const { stdout } = await world.swarm(['log', '--tools', '--agent', '1']);
    const lines = stdout.split('\n').map((line) => line.replace(/^\S+ {2}/, ''));
    expect(lines).toEqual(
      expect.arrayContaining(['[WORKER-1] → Edit a.txt', '[WORKER-1] → Bash API_KEY=[redacted] true']),
    );
    expect(stdout).toMatch(/\[WORKER-1\] ✗ Bash: Error: exit 3/);
    expect(existsSync(join(world.repo, '.git/swarm/agents/worker-1/tool_calls.jsonl'))).toBe(true);
  });

  it('follows what comes, each event once, and the supervisor shows the calls in its window', async () => {
    const following = world.start(['log', '-f', '--tools', '--json']);
    const seen = () => following.stdout().split('\n').slice(0, -1);
    const has = (what: string, test: (event: LogLine) => boolean) =>
      waitFor((see) => {
        const found = see(seen()).map((line) => (JSON.parse(line) as { event: LogLine }).event);
        return found.some(test) ? true : null;
      }, what);
    await spawn();
    await has('the agent’s start', ({ type }) => type === 'started');
    await has('its call', ({ type, data }) => type === 'tool_call_complete' && data['tool_name'] === 'Bash');
    await world.swarm(['up']);
    await world.swarm(['send', '1', 'break']);
    await shows(world, '1', 'exit 3');
    await has('what failed', ({ data }) => data['success'] === false);
    await waitFor(async (see) => {
      const { stdout } = await world.tmux(['capture-pane', '-p', '-J', '-t', 'supervisor']);
      return see(stdout).includes('[WORKER-1] → Bash echo no such thing') ? true : null;
    }, 'the call in the window');
    process.kill(following.pid, 'SIGINT');
    const ended = await following.result;
    expect(ended).toMatchObject({ exitCode: 130, stderr: '' });
    expect(new Set(seen()).size).toBe(seen().length);
    for (const line of seen()) documentOf('log-line', { ...ended, jsonAs: <T>() => JSON.parse(line) as T });
  });
});
