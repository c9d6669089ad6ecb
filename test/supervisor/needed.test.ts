import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawnOne } from '../e2e/support.ts';
import { withMcp } from '../mcp/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const started = 'a supervisor keeps watch from now on';

describe('a supervisor is started', () => {
  const world = useWorld();
  const log = () => join(world.dir, 'prompts');
  const shows = (text: string) =>
    waitFor((see) => (see(existsSync(log()) ? readFileSync(log(), 'utf8') : '').includes(text) ? true : null), text);
  const spawn = (...words: string[]) => {
    const script = world.write(join(world.dir, 's.yaml'), 'default: [{ wait: 100ms }]\n');
    return spawnOne(world, [...words, '--', '--log', log(), '--script', script]);
  };

  it('by a task that an agent can take, and not by one that none would', async () => {
    await spawn('t1');
    const add = (text: string) => world.swarm(['task', 'add', text]);
    expect(await add('work one')).toMatchObject({ exitCode: 0, stderr: '' });
    await world.swarm(['task', 'claim', '1']);
    await spawn();
    expect((await world.swarm(['task', 'release', '1'])).stderr).toContain(started);
    await shows('work one');
    await world.swarm(['down']);
    expect((await add('work two')).stderr).toContain('swarm up starts one');
  });

  it('by an agent that takes work from the board, which is said, where there is some', async () => {
    await world.swarm(['task', 'add', 'work']);
    const make = async (...words: string[]) =>
      (await world.swarm(['spawn', '--agent', 'scripted', '--no-wait', ...words])).stderr;
    expect(await make('-p', 'Mend it')).not.toMatch(/from the board|keeps watch/);
    const said = await make();
    expect(said).toContain('worker-2: takes work from the board\n');
    expect(said).toContain(started);
    await world.swarm(['down']);
    await world.swarm(['task', 'add', 'more']);
    expect(await make('--task', '2')).toContain('worker-3: takes work from the board after task-002\n');
  });

  it('by a task that comes over MCP', async () => {
    await spawn();
    await withMcp(world, {}, async ({ client }) => {
      const { content } = await client.callTool({ name: 'create_task', arguments: { description: 'work' } });
      expect(content[0]).toMatchObject({ text: expect.stringContaining(started) });
      await shows('work');
    });
  });

  it('by the end of a task, of which an agent that leads and rests hears', async () => {
    await spawn('lead', '--role', 'leader');
    await world.swarm(['task', 'add', 'work']);
    await world.swarm(['task', 'claim', '--as', 'ann']);
    expect((await world.swarm(['task', 'complete', '1', 'All green', '--as', 'ann'])).stderr).toContain(started);
    await shows('[TASK_COMPLETE from ann about task-001');
  });

  it('by a task that is given to an agent, and taken from it', async () => {
    await spawn('t1');
    await world.swarm(['task', 'add', 'work of mine']);
    expect((await world.swarm(['task', 'edit', '1', '--assign', 'worker-1'])).stderr).toContain(started);
    await shows('[TASK_ASSIGNMENT from person about task-001');
    await shows('work of mine');
    await world.swarm(['task', 'edit', '1', '--assign', 'person']);
    await shows('task-001 is not yours any more: person took it.');
  });

  it('by a question to the person', async () => {
    await spawn('t1');
    expect((await world.swarm(['ask', 'Which?', '--no-wait', '--as', 'ann'])).stderr).toContain(started);
  });
});
