import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import * as phrases from './greet.js';

/** Paths and what they say. */
const routes = { '/': phrases.greet, '/bye': phrases.farewell };

export function serve(port) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const say = routes[url.pathname];
    if (!say) response.statusCode = 404;
    response.end(say ? say(url.searchParams.get('name') ?? 'world') : 'not found');
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const port = Number(process.env.PORT ?? 3000);
  await serve(port);
  console.log(`listening on http://127.0.0.1:${port}`);
}
