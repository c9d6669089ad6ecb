import { describe, expect, it } from 'vitest';
import { entry, nodeFolder, start } from '../support/program.ts';
import { call, documentOf, sharedWorld, spawnOne } from './support.ts';

/** Every command that takes an agent, with what else it wants. */
const WITH_AGENT: readonly (readonly string[])[] = [
  ['approve', 'x'],
  ['attach', 'x'],
  ['capture', 'x'],
  ['copy', 'x'],
  ['dev', 'x'],
  ['diff', 'x'],
  ['exec', 'x', '--', 'true'],
  ['fork', 'x', 't'],
  ['open', 'x'],
  ['output', 'x'],
  ['path', 'x'],
  ['pause', 'x'],
  ['rename', 'x', 'y'],
  ['restart', 'x'],
  ['resume', 'x'],
  ['rm', 'x'],
  ['send', 'x', 'text'],
  ['shell', 'x'],
  ['status', 'x'],
  ['stop', 'x'],
  ['wait', 'x'],
];

describe('--json', () => {
  const world = sharedWorld();

  it.concurrent.each(WITH_AGENT)('%s: an error is one document on stdout, with the exit code', async (...words) => {
    const [command = '', ...more] = words;
    const result = await world.swarm([command, '--json', ...more]);
    expect({ exit: result.exitCode, stderr: result.stderr }).toEqual({ exit: 3, stderr: '' });
    const { error } = documentOf('error', result);
    expect(error).toMatchObject({ code: 'NO_SUCH_AGENT', hint: 'swarm spawn TICKET', details: { candidates: [] } });
  });

  it.concurrent.each([
    [['ls'], 'agents'],
    [['ports'], 'ports'],
    [['trust', '--list'], 'consents'],
    [['repair'], 'items'],
    [['doctor'], 'checks'],
    [['config', 'show'], 'values'],
    [['config', 'get', 'agent'], 'value'],
    [['completion', 'bash'], 'script'],
    [['--help'], 'commands'],
  ])('%s answers one document with its schema number', async (words, key) => {
    const { stdout } = await world.swarm([...words, '--json']);
    const document = JSON.parse(stdout);
    expect(document.schema).toBe(1);
    expect(Object.keys(document)).toContain(key);
    expect(stdout.trimEnd()).not.toContain('\n');
  });

  it('a name that is nearly right is suggested, one that fits several lists them', async () => {
    await spawnOne(world, ['ticket-42']);
    await spawnOne(world, ['ticket-43']);
    const near = await call(world, 'error', ['status', 'worker1'], { exit: 3 });
    expect(near.error).toMatchObject({ hint: expect.stringContaining('worker-1') });
    const several = await call(world, 'error', ['status', 'ticket'], { exit: 3 });
    expect(several.error.details['candidates']).toEqual(['worker-1', 'worker-2']);
    expect((await call(world, 'status', ['status', 'ticket-43'])).agent.name).toBe('worker-2');
    expect((await call(world, 'status', ['status', '2'])).agent.name).toBe('worker-2');
  });

  it('who reads only the beginning ends it quietly', async () => {
    const node = `${nodeFolder}/node`;
    for (const words of [['ls'], ['config', 'schema'], ['--help'], ['exec', '--all', '--', 'seq', '200000']]) {
      const argv = ['/bin/sh', '-c', '"$0" "$@" | head -n 1', node, entry, ...words];
      const result = await start(argv, { cwd: world.repo, env: world.env }).result;
      expect({ code: result.exitCode, said: result.stderr }).toEqual({ code: 0, said: '' });
      expect(result.stdout.trimEnd()).not.toContain('\n');
    }
  });

  it('without colours where nobody sees them, and with none where they are unwanted', async () => {
    for (const words of [['ls'], ['status', '1'], ['status', 'nobody'], ['doctor'], ['ports']]) {
      const { stdout, stderr } = await world.swarm(words);
      expect(stdout + stderr).not.toContain('\u001b');
    }
    expect((await world.swarm(['ls'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[');
    expect((await world.swarm(['ls'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\u001b');
  });
});
