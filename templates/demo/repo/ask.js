// node ask.js PATH...: starts the server on $PORT, asks it for each path, prints what it says, and stops it.
import { serve } from './server.js';

const port = Number(process.env.PORT ?? 3000);
const server = await serve(port);
for (const path of process.argv.slice(2)) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
  console.log(`http://127.0.0.1:${port}${path} -> ${answer.status} ${await answer.text()}`);
  if (!answer.ok) process.exitCode = 1;
}
server.close();
