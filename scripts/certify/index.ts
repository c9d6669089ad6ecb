// npm run certify: runs the real agent CLIs through swarm against stand-ins for their model servers on 127.0.0.1. No keys, no models; a gigabyte of downloads. Ends with 1 if something is wrong.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Cells, certify } from './certify.ts';
import { install } from './install.ts';
import { PROFILES } from './profiles/index.ts';
import type { Profile } from './profiles/types.ts';
import { isRight, markdown, plain } from './report.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    only: { type: 'string' },
    markdown: { type: 'boolean', default: false },
  },
});

const cache =
  process.env['XDG_CACHE_HOME'] || join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
const dir = resolve(values.dir ?? join(cache, 'swarm-certify'));
const wanted = values.only?.split(',');
const unknown = wanted?.filter((name) => !PROFILES.some((profile) => profile.name === name)) ?? [];
if (unknown.length > 0)
  throw new Error(
    `no such agent CLI: ${unknown.join(', ')}; there are: ${PROFILES.map(({ name }) => name).join(', ')}`,
  );

mkdirSync(dir, { recursive: true });
process.stderr.write(
  `${dir} holds the agent CLIs (1.2 GB) and stays for the next time; --dir DIR takes another folder\n`,
);
const over = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => over.abort(`ended by ${name}`));
}
// Where nobody else may write, neither there nor above: Gemini CLI ignores our hooks elsewhere. And not the temporary
// folder: there Codex's sandbox refuses a home.
const folders = { runs: join(cache, 'swarm-certify', 'runs'), logs: join(dir, 'logs') };
const report: { profile: Profile; cells: Cells }[] = [];
for (const profile of PROFILES.filter(({ name }) => wanted?.includes(name) ?? true)) {
  if (over.signal.aborted) break;
  report.push({ profile, cells: await certify(profile, await install(profile, dir), folders, over.signal) });
}
const date = new Date().toISOString().slice(0, 10);
process.stdout.write((values.markdown ? markdown : plain)(report, date));
process.exitCode = isRight(report) ? 0 : 1;
