import { join } from 'node:path';
import { makeWorld } from '../../test/support/make-world.ts';
import { entry, nodeFolder, root } from '../../test/support/program.ts';
import { call, measure, type Row, ratioRow, toldRow } from './measure.ts';

const ROUNDS = 25;
const node = join(nodeFolder, 'node');

/** Single calls against the start of the same Node, and the hook against the smallest program there is. */
export async function benchCalls(): Promise<Row[]> {
  const world = await makeWorld();
  try {
    const options = { cwd: world.repo, env: world.env };
    const spool = join(world.dir, 'tmp');
    const ms = await measure(
      {
        base: () => call([node, '-e', '0'], options),
        version: () => call([node, entry, '--version'], options),
        help: () => call([node, entry, '--help'], options),
        command: () => call([node, entry, 'completion', 'bash'], options),
      },
      ROUNDS,
    );
    const hook = await measure(
      {
        base: () => call(['/bin/true'], options),
        report: () => call([join(root, 'hooks/report'), spool, 'PreToolUse'], { ...options, input: '{"tool":"Bash"}' }),
      },
      ROUNDS * 2,
    );
    return [
      toldRow('this machine: node -e 0, /bin/true', `${ms.base.toFixed(1)} ms, ${hook.base.toFixed(1)} ms`),
      ratioRow('swarm --version', ms.version, ms.base, 2, 'base'),
      ratioRow('swarm --help', ms.help, ms.base, 3, 'base'),
      ratioRow('a command that needs nothing', ms.command, ms.base, 3, 'base'),
      ratioRow("an agent's hook (hooks/report)", hook.report, hook.base, 7, '/bin/true'),
    ];
  } finally {
    await world.dispose();
  }
}
