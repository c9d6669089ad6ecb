import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused, sharedWorld, shows, spawnOne } from './support.ts';

describe('options of swarm spawn', () => {
  const world = sharedWorld({
    files: {
      '.gitignore': '.env\n',
      'bin.dat': 'a\0b',
      'gone.txt': 'gone\n',
      'latin.txt': 'plain\n',
      'kept.txt': 'a\n',
    },
    swarmYaml: 'version: 1\nfiles: { copy: [.env] }\n',
  });
  const of = (name: string, file: string) => join(dirname(world.repo), 'app.worktrees', name, file);

  it('--dry-run says what would be made, and makes nothing', async () => {
    const before = [await world.git(['for-each-ref']), readdirSync(world.dir).sort()];
    const result = await world.swarm(['spawn', 'a', 'b', '--agents', 'scripted:2', '--dry-run', '--json']);
    const { plans } = result.jsonAs<{ plans: { name: string; branch: string; worktree: string }[] }>();
    expect(plans.map(({ name, branch }) => `${name} ${branch}`)).toEqual([
      'worker-1 a',
      'worker-2 a-2',
      'worker-3 b',
      'worker-4 b-2',
    ]);
    expect([await world.git(['for-each-ref']), readdirSync(world.dir).sort()]).toEqual(before);
    expect((await call(world, 'ls', ['ls'])).agents).toEqual([]);
    expect(await world.git(['worktree', 'list', '--porcelain'])).not.toContain('worker');
  });

  it('--wait comes back when the turn has ended, --no-wait when the window is up', async () => {
    const script = world.write(join(world.dir, 'slow.yaml'), 'default: [{ wait: 700ms }, { say: Finished }]\n');
    const waited = await call(world, 'spawn', [
      ...['spawn', 'w1', '--agent', 'scripted', '-p', 'go', '--wait', '--', '--script', script],
    ]);
    expect(waited.agents).toMatchObject([{ name: 'worker-1', status: 'idle', unseen: true }]);
    await shows(world, '1', 'Finished');
    const early = await call(world, 'spawn', ['spawn', 'w2', '--agent', 'scripted', '-p', 'go', '--no-wait']);
    expect(early).toMatchObject({ agents: [{ name: 'worker-2', pid: expect.any(Number) }], deliveries: [] });
    await world.swarm(['wait', '2']);
    await shows(world, '2', 'Done: go');
  });

  it('--no-wait does not forget a prompt that has to be typed', async () => {
    const words = ['spawn', 'w3', '--agent', 'shell', '-p', 'echo "typed: $((40 + 2))"', '--no-wait'];
    const { deliveries } = await call(world, 'spawn', words);
    expect(deliveries).toMatchObject([{ agent: 'worker-3', state: 'delivered' }]);
    await world.swarm(['wait', '3']);
    await shows(world, '3', 'typed: 42');
  });

  it('--no-copy, --port, --model and -- reach where they belong', async () => {
    world.write('.env', 'SECRET=1\n');
    await spawnOne(world, ['c1', '--name', 'copied']);
    expect(readFileSync(of('copied', '.env'), 'utf8')).toBe('SECRET=1\n');
    const words = ['c2', '--name', 'bare', '--no-copy', '--port', 'API_PORT', '--port', 'DB_PORT', '--model', 'tiny'];
    const agent = await spawnOne(world, [...words, '--', '--startup', '10ms']);
    expect(existsSync(of('bare', '.env'))).toBe(false);
    expect(Object.keys(agent.ports)).toEqual(['PORT', 'API_PORT', 'DB_PORT']);
    expect(new Set(Object.values(agent.ports)).size).toBe(3);
    expect(agent.model).toBe('tiny');
    expect(readFileSync(`/proc/${agent.pid}/cmdline`, 'utf8')).toContain('--model\0tiny\0--startup\x0010ms');
    expect(readFileSync(`/proc/${agent.pid}/environ`, 'utf8')).toContain(`\0API_PORT=${agent.ports['API_PORT']}\0`);
  });

  it('--base, --branch and --another choose where the work begins', async () => {
    const first = (await world.git(['rev-parse', 'HEAD'])).trim();
    await world.git(['commit', '--quiet', '--allow-empty', '--message', 'Second']);
    await world.git(['branch', 'mine', 'main']);
    const based = await spawnOne(world, ['b1', '--base', first.slice(0, 12)]);
    expect(based.git).toMatchObject({ head: first });
    const named = await spawnOne(world, ['b2', '--branch', 'feature/über']);
    expect(named).toMatchObject({ branch: 'feature/über', base: 'main', ticket: 'b2' });
    const existing = await spawnOne(world, ['b3', '--branch', 'mine']);
    expect(existing.git?.head).toBe((await world.git(['rev-parse', 'mine'])).trim());
    expect(await spawnOne(world, ['b1', '--another'])).toMatchObject({ ticket: 'b1', branch: 'b1-2' });
  });

  it('--with-changes brings all uncommitted work along and leaves it where it is', async () => {
    const changes: Record<string, Buffer | null> = {
      'bin.dat': Buffer.from([0, 1, 2, 255, 254, 10]),
      'latin.txt': Buffer.from('caf\xe9 cr\xe8me\r\n', 'latin1'),
      'kept.txt': Buffer.from('a\nstaged\n'),
      'new file.txt': Buffer.from('untracked, without an end of line'),
      'ünicode.txt': Buffer.from([0xe9, 0x0a]),
      'gone.txt': null,
    };
    for (const [file, content] of Object.entries(changes)) {
      if (content !== null) writeFileSync(join(world.repo, file), content);
    }
    await world.git(['rm', '--quiet', 'gone.txt']);
    await world.git(['add', 'kept.txt']);
    const before = await world.git(['status', '--porcelain']);
    const agent = await spawnOne(world, ['changes', '--with-changes', '--name', 'taker']);
    for (const [file, content] of Object.entries(changes)) {
      if (content === null) expect(existsSync(of('taker', file))).toBe(false);
      else
        expect({ file, hex: readFileSync(of('taker', file)).toString('hex') }).toEqual({
          file,
          hex: content.toString('hex'),
        });
    }
    expect(agent.git?.dirty).toBe(Object.keys(changes).length);
    expect(await world.git(['status', '--porcelain'])).toBe(before);
    // Work that does not fit on another base makes no agent.
    const refs = await world.git(['for-each-ref']);
    await world.git(['commit', '--quiet', '--allow-empty', '--message', 'Third']);
    await refused(world, ['spawn', 'no', '--agent', 'scripted', '--with-changes', '--base', await emptyTree()], 1);
    expect((await world.git(['for-each-ref'])).split('\n')).toHaveLength(refs.split('\n').length);
    expect(lstatSync(of('', '')).isDirectory()).toBe(true);
  });

  /** A commit without a file. */
  async function emptyTree(): Promise<string> {
    const tree = (await world.git(['hash-object', '-t', 'tree', '-w', '/dev/null'])).trim();
    return (await world.git(['commit-tree', tree, '-m', 'nothing'])).trim();
  }
});
