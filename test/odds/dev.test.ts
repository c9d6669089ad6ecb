import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, refused, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

const SERVER = `import { createServer } from 'node:http';
const { PORT, API_PORT, SWARM_BRANCH } = process.env;
createServer((_, answer) => answer.end([PORT, API_PORT, SWARM_BRANCH].join(' '))).listen(Number(PORT), '127.0.0.1');
`;

interface Dev {
  readonly dev: { agent: string; port: number; url: string; listening: boolean; pane: string | null };
}

describe('swarm dev', () => {
  const world = useWorld({ files: { 'server.mjs': SERVER, '.gitignore': 'swarm.local.yaml\n' } });
  const configure = (command: string, more = '') =>
    world.write(
      'swarm.local.yaml',
      `dev: {command: ${JSON.stringify(command)}}\nports: {names: [PORT, API_PORT]}\n${more}`,
    );
  const dev = async (...words: string[]) => {
    const result = await world.swarm(['dev', ...words, '--json']);
    expect(result.exitCode, result.stdout).toBe(0);
    return result.jsonAs<Dev>().dev;
  };
  const answer = async (port: number | undefined) => (await fetch(`http://127.0.0.1:${port}/`)).text();

  it("runs each agent's server on its own port, says when it listens, and ends it with what it started", async () => {
    configure('node server.mjs & wait');
    const [a, b] = [await spawnOne(world, ['a']), await spawnOne(world, ['b'])];
    const [first, second] = [await dev('a'), await dev('b')];
    expect(first).toMatchObject({ agent: 'worker-1', listening: true, port: a.ports['PORT'] });
    expect(first.url).toBe(`http://localhost:${a.ports['PORT']}`);
    expect(await answer(a.ports['PORT'])).toBe(`${a.ports['PORT']} ${a.ports['API_PORT']} a`);
    expect(await answer(second.port)).toContain(' b');
    const shown = await world.tmux(['display-message', '-p', '-t', first.pane ?? '', '#{window_id} #{pane_active}']);
    expect(shown.stdout).toBe(`${a.tmux.window} 0\n`);
    expect(await refused(world, ['dev', 'a'], 4)).toMatchObject({
      code: 'DEV_SERVER_RUNS',
      hint: 'swarm dev worker-1 --stop',
    });
    expect(await call(world, 'status', ['status', 'a'])).toMatchObject({ agent: { tmux: a.tmux, pid: a.pid } });

    expect(await dev('a', '--stop')).toMatchObject({ listening: false, pane: null });
    await expect(answer(a.ports['PORT'])).rejects.toThrow();
    expect(await refused(world, ['dev', 'a', '--stop'], 3)).toMatchObject({ code: 'NO_DEV_SERVER' });
    expect((await dev('a')).listening).toBe(true);
    // It goes with the window.
    await call(world, 'status', ['pause', 'a']);
    await expect(answer(a.ports['PORT'])).rejects.toThrow();
    expect(await refused(world, ['dev', 'a'], 3)).toMatchObject({ code: 'NO_WINDOW', hint: 'swarm resume worker-1' });
    expect((await world.swarm(['rm', b.name, '--force'])).exitCode).toBe(0);
    await expect(answer(b.ports['PORT'])).rejects.toThrow();
  });

  it('tells what it said when it fails, and takes nobody else for it', async () => {
    const agent = await spawnOne(world, ['a']);
    expect(await refused(world, ['dev', 'a'], 2)).toMatchObject({ code: 'NO_DEV_COMMAND' });
    configure("echo 'cannot find module x' >&2; exit 3");
    expect(await refused(world, ['dev', 'a'], 1)).toMatchObject({
      code: 'DEV_SERVER_DIED',
      message: 'The dev server of worker-1 ended: cannot find module x. Its pane is still there.',
    });
    configure('echo on another port; exec sleep 600');
    expect(await refused(world, ['dev', 'a', '--timeout', '1s'], 6)).toMatchObject({
      code: 'DEV_SERVER_SILENT',
      message: expect.stringContaining('It says: on another port.'),
    });
    await dev('a', '--stop');
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(agent.ports['PORT'], '127.0.0.1', resolve));
    expect(await refused(world, ['dev', 'a'], 5)).toMatchObject({ code: 'PORT_TAKEN' });
    await new Promise((resolve) => stranger.close(resolve));
    // One that failed makes place for the next.
    configure(`exec node ${join(world.repo, 'server.mjs')}`);
    expect((await dev('a')).listening).toBe(true);
    const panes = await waitFor(async (see) => {
      const { stdout } = await world.tmux(['list-panes', '-t', agent.tmux.window ?? '', '-F', '#{@swarm_extra}']);
      return see(stdout).trim() === `${agent.id}-dev` ? stdout : null;
    }, 'one pane for the dev server');
    expect(panes).toBe(`\n${agent.id}-dev\n`);
  });
});
