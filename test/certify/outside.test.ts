import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { call } from '../../scripts/bench/measure.ts';
import { watchConnections } from '../../scripts/certify/connections.ts';
import { openBarrier } from '../../scripts/certify/outside.ts';
import { nodeFolder } from '../support/program.ts';

describe('no way out', () => {
  it('refuses what asks for a proxy, and remembers where it wanted to go', async () => {
    const barrier = await openBarrier();
    const get =
      'fetch(process.argv[1]).then(({ status }) => process.exit(status === 403 ? 0 : 1), () => process.exit(3))';
    const node = [`${nodeFolder}/node`, '--use-env-proxy', '-e', get];
    const options = { cwd: '/', env: { ...barrier.env, NODE_NO_WARNINGS: '1' } };
    await call([...node, 'http://plain.invalid/x'], options).catch(() => {});
    await call([...node, 'https://safe.invalid/x'], options).catch(() => {});
    expect([...barrier.refused].toSorted()).toEqual(['plain.invalid:80', 'safe.invalid:443']);
    await barrier.close();
  });

  it('takes a connection on this machine for none to elsewhere', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const watch = watchConnections('PATH', process.env['PATH'] ?? '');
    await watch.stop();
    expect([...watch.seen]).toEqual([]);
    socket.destroy();
    server.close();
  });
});
