import { chmodSync, cpSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entry, nodeFolder, start } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

const node = join(nodeFolder, 'node');
/** Makes this Node say that it is an old one. */
const old = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.9.0' } })`;

describe('the entry', () => {
  const world = useWorld();

  it('hands over to the Node that a checkout brings along when its own is too old', async () => {
    const run = start([node, '--import', old, entry, 'nope'], { cwd: world.repo, env: world.env });
    expect(await run.result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no command 'nope'") });
  });

  it('says what it needs where there is no other Node', async () => {
    mkdirSync(join(world.dir, 'elsewhere', 'bin'), { recursive: true });
    const alone = join(world.dir, 'elsewhere', 'bin', 'run.js');
    cpSync(entry, alone);
    const { exitCode, stderr } = await start([node, '--import', old, alone, 'ls'], { cwd: world.repo, env: world.env })
      .result;
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/swarm needs Node 22\.18 or newer, and this is 20\.9\.0\./);
  });

  it('keeps compiled code in a folder of the user’s own, and only there', async () => {
    // Empty and not left out: Node hands a coverage folder of its own down to children that have none.
    const env = { NODE_COMPILE_CACHE: undefined, NODE_V8_COVERAGE: '' };
    const folder = join(world.home, '.cache', 'swarm', 'compiled');
    await world.swarm(['help'], { env });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toHaveLength(1);

    const shared = join(world.dir, 'shared');
    mkdirSync(join(shared, 'swarm', 'compiled'), { recursive: true });
    chmodSync(join(shared, 'swarm', 'compiled'), 0o777);
    expect((await world.swarm(['help'], { env: { ...env, XDG_CACHE_HOME: shared } })).exitCode).toBe(0);
    expect(readdirSync(join(shared, 'swarm', 'compiled'))).toEqual([]);
  });

  it('works without a home to keep anything in', async () => {
    const env = { NODE_COMPILE_CACHE: undefined, HOME: undefined, XDG_CACHE_HOME: undefined };
    expect((await world.swarm(['help'], { env })).exitCode).toBe(0);
    expect((await world.swarm(['help'], { env: { ...env, XDG_CACHE_HOME: '/dev/null' } })).exitCode).toBe(0);
  });
});
