// npm run conformance: holds `swarm mcp` to MCP's official conformance suite, and to the official inspector. Both are taken from npm, outside of the repository. Ends with 1 if something is wrong.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/process/run.ts';
import { makeWorld } from '../../test/support/make-world.ts';
import { entry, nodeFolder } from '../../test/support/program.ts';
import { installed } from '../certify/install.ts';
import { openBridge } from './bridge.ts';
import { inspect } from './inspect.ts';
import { NOT_APPLICABLE, SCENARIOS } from './scenarios.ts';

const SUITE = { package: '@modelcontextprotocol/conformance', version: '0.1.16' };
const INSPECTOR = { package: '@modelcontextprotocol/inspector', version: '2.12.0' };

const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const dir = join(cache, 'swarm-conformance');
mkdirSync(dir, { recursive: true });
const suite = await installed(SUITE, join(dir, `suite-${SUITE.version}`));
const inspector = await installed(INSPECTOR, join(dir, `inspector-${INSPECTOR.version}`));

const world = await makeWorld();
const program = { command: join(nodeFolder, 'node'), args: [entry, 'mcp'], env: { ...world.env }, cwd: world.repo };
const bridge = await openBridge(program);
let wrong = 0;
const tell = (passed: boolean, what: string, said: string) => {
  if (!passed) wrong++;
  process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${what}\n${passed ? '' : said}`);
};
try {
  for (const scenario of SCENARIOS) {
    const argv = [join(suite, 'node_modules', '.bin', 'conformance'), 'server', '--url', bridge.url];
    const { exitCode, stdout, stderr } = await run([...argv, '--scenario', scenario], {
      cwd: world.dir,
      env: world.env,
    });
    tell(exitCode === 0, `suite ${scenario}`, `${stdout}${stderr}`);
  }
  for (const [scenario, why] of NOT_APPLICABLE) process.stdout.write(`n/a     suite ${scenario}: ${why}\n`);
  await inspect(join(inspector, 'node_modules', '.bin', 'mcp-inspector'), program, tell);
} finally {
  await bridge.close();
  await world.dispose();
}
process.stdout.write(`${SUITE.package} ${SUITE.version}, ${INSPECTOR.package} ${INSPECTOR.version}: ${wrong} wrong\n`);
process.exitCode = wrong === 0 ? 0 : 1;
