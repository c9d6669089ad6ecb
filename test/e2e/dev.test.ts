import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startOf } from '../../src/process/identity.ts';
import { waitFor } from '../support/wait.ts';
import { call, refused, sharedWorld, spawnOne } from './support.ts';

const SERVER = `const { spawn } = require('node:child_process');
if (process.env.DIE) process.exit(3);
process.on('SIGHUP', () => {});
const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
require('node:fs').writeFileSync('pids', process.pid + ' ' + child.pid);
require('node:http').createServer((_, answer) => answer.end(process.env.SWARM_AGENT)).listen(process.env.PORT);
`;

interface Dev {
  readonly dev: { agent: string; port: number; url: string; listening: boolean; pane: string | null };
}

describe('swarm dev', () => {
  const world = sharedWorld({ files: { 'server.cjs': SERVER } });
  const config = (command: string) => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', `version: 1\ndev: { command: '${command}' }\n`);
  };
  const listens = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => resolve(socket.destroy() !== null)).once('error', () => resolve(false));
    });

  it('starts the server with the port of the agent beside it, tells when it listens, and ends all of it', async () => {
    config('echo "on $PORT" && node server.cjs');
    const one = await spawnOne(world, ['t1']);
    const two = await spawnOne(world, ['t2']);
    const started = await world.swarm(['dev', '1', '--json']);
    expect(started).toMatchObject({ exitCode: 0 });
    const { dev } = started.jsonAs<Dev>();
    expect(dev).toMatchObject({
      agent: 'worker-1',
      port: one.ports['PORT'],
      listening: true,
      pane: expect.any(String),
    });
    expect(await (await fetch(dev.url)).text()).toBe('worker-1');
    expect((await world.swarm(['dev', '2', '--json'])).jsonAs<Dev>().dev.port).toBe(two.ports['PORT']);
    const pane = await world.tmux(['display-message', '-p', '-t', dev.pane ?? '', '#{window_id} #{@swarm_agent}']);
    expect(pane.stdout).toBe(`${one.tmux.window} \n`);

    // The agent is who it was, and the server's pane is not taken for it.
    expect((await call(world, 'send', ['send', '1', 'hello'])).deliveries).toMatchObject([{ state: 'delivered' }]);
    expect((await call(world, 'status', ['status', '1'])).agent.tmux).toEqual(one.tmux);
    expect(await refused(world, ['dev', '1'], 4)).toMatchObject({ code: 'DEV_SERVER_RUNS' });
    expect((await world.swarm(['ports'])).stdout).toMatch(new RegExp(`${dev.port}.*worker-1`));

    const pids = readFileSync(join(one.worktree ?? '', 'pids'), 'utf8').split(' ');
    expect((await world.swarm(['dev', '1', '--stop'])).exitCode).toBe(0);
    await waitFor(async () => ((await listens(dev.port)) ? null : true), 'the end of the server');
    expect(await Promise.all(pids.map((pid) => startOf(Number(pid))))).toEqual([null, null]);
    expect(await refused(world, ['dev', '1', '--stop'], 3)).toMatchObject({ code: 'NO_DEV_SERVER' });
    expect(await listens(two.ports['PORT'] ?? 0)).toBe(true);
  });

  it('ends with the agent that is paused', async () => {
    const { agent } = await call(world, 'status', ['pause', '2']);
    await waitFor(async () => ((await listens(agent.ports['PORT'] ?? 0)) ? null : true), 'the end of the server');
    expect(await refused(world, ['dev', '2'], 3)).toMatchObject({ code: 'NO_WINDOW' });
  });

  it('says so when the server dies or stays silent, and starts another', async () => {
    config('DIE=1 node server.cjs');
    expect(await refused(world, ['dev', '1'], 1)).toMatchObject({ code: 'DEV_SERVER_DIED' });
    config('sleep 1000');
    const silent = await refused(world, ['dev', '1', '--timeout', '300ms'], 6);
    expect(silent).toMatchObject({ code: 'DEV_SERVER_SILENT', message: expect.stringContaining('$PORT') });
    await world.swarm(['dev', '1', '--stop']);
    config('node server.cjs');
    expect((await world.swarm(['dev', '1'])).stdout).toContain('worker-1 listens on http://localhost:');
    expect((await world.swarm(['dev', '1', '--stop'])).exitCode).toBe(0);
  });

  it("needs consent where the team's config names it", async () => {
    world.write('swarm.local.yaml', 'version: 1\n');
    world.write('swarm.yaml', "version: 1\ndev: { command: 'node server.cjs' }\n");
    await world.git(['add', 'swarm.yaml']);
    expect(await refused(world, ['dev', '1'], 4)).toMatchObject({ code: 'CONSENT_REQUIRED' });
    expect((await world.swarm(['dev', '1', '--yes'])).exitCode).toBe(0);
    expect((await world.swarm(['dev', '1', '--stop'])).exitCode).toBe(0);
  });
});
