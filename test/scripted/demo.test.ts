import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeFolder, root } from '../support/program.ts';
import { useWorld, type World } from '../support/world.ts';
import { openPane } from './support.ts';

const world = useWorld();
const demo = join(root, 'templates', 'demo');

async function scratchRepository(where: World): Promise<void> {
  const folder = join(demo, 'repo');
  for (const name of readdirSync(folder))
    where.write(name.replace(/^dot-/, '.'), readFileSync(join(folder, name), 'utf8'));
  await where.git(['add', '--all']);
  await where.git(['commit', '--quiet', '--message', 'Begin']);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

it.each([
  ['Add a farewell', ['greet.js'], '/bye?name=Ada -> 200 Goodbye, Ada!'],
  ['Document how the server is used', ['README.md', 'docs/usage.md'], '/?name=reader -> 200 Hello, reader!'],
  ['Write tests', ['test/server.test.js'], 'knows no other path'],
])('the agent of the demo does: %s', async (prompt, files, shown) => {
  await scratchRepository(world);
  const port = await freePort();
  // The agent's PATH is the world's, with the project's own Node.
  const env = { PORT: String(port), PATH: world.env['PATH'] ?? nodeFolder };
  const pane = await openPane(world, ['--script', join(demo, 'team.yaml')], { env, size: [100, 50] });
  await pane.until('ready');
  await pane.paste(prompt);
  await pane.keys('Enter');
  await pane.received(1);
  await pane.until('ready', shown);
  expect((await world.git(['show', '--format=', '--name-only', 'HEAD'])).trim().split('\n')).toEqual(files);
  expect(await world.git(['status', '--porcelain'])).toBe('');
});
