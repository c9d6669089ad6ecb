import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Agent, Delivery } from '../../src/agents/types.ts';
import { nodeFolder, root } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { audit } from './audit.ts';
import { agents, crash, forEach, pointsOf, prompts, repairWell, SLOW, stateOf, well } from './support.ts';

interface Answer {
  readonly agents: Agent[];
  readonly deliveries: Delivery[];
}

/** The scripted agent as one whose prompt has to be typed. */
const TYPED = `agents:
  typed:
    command: [${join(nodeFolder, 'node')}, ${join(root, 'dist/agents/scripted/main.js')}]
    prompt: paste
    ready: '^❯'
    input: '^❯ (.*)$'
    busy: 'esc to interrupt'
    clear: [C-u]
`;

/** Typing a prompt takes other ways than an argument only once there is a window. */
const KINDS = [
  { cli: 'typed', kills: /./ },
  { cli: 'scripted', kills: /^spawn:(?:window|prompt):/ },
];

describe.each(KINDS)('a spawn of a $cli agent, killed at any step', ({ cli, kills }) => {
  const world = useWorld({ files: { '.gitignore': '.env\n' }, swarmYaml: 'version: 1\nfiles: { copy: [.env] }\n' });

  it('leaves nothing that a repair does not settle, loses no prompt and sends none twice', SLOW, async () => {
    world.write(join(world.home, '.config', 'swarm', 'config.yaml'), TYPED);
    world.write('.env', 'SECRET=1\n');
    const spawn = (ticket: string) => ['spawn', ticket, '--agent', cli, '-p', `Do ${ticket}`];
    await well(world, spawn('whole'));
    const points = pointsOf(world, 'spawn').filter((point) => kills.test(point));
    expect(points.length).toBeGreaterThan(5);

    const ticket = (point: string) => point.replaceAll(':', '-');
    await forEach(points, String, (point) => crash(world, spawn(ticket(point)), point));
    await repairWell(world);
    await waitFor(async (see) => (see(await audit(world)).length === 0 ? true : null), 'nothing of nobody');

    const there = new Map((await agents(world)).map((agent) => [agent.ticket, agent]));
    await forEach(points, String, async (point) => {
      const agent = there.get(ticket(point));
      const text = `Do ${ticket(point)}`;
      if (agent === undefined) {
        expect(await well<Answer>(world, spawn(ticket(point)))).toMatchObject({ deliveries: [{ state: 'delivered' }] });
      } else {
        const file = join(stateOf(world), 'agents', agent.name, 'prompts', 'first.txt');
        expect(readFileSync(file, 'utf8')).toBe(text);
        expect(readFileSync(join(agent.worktree ?? '', '.env'), 'utf8')).toBe('SECRET=1\n');
        if (agent.pid === null) await well(world, ['restart', agent.name]);
        else if (!prompts(world).has(text)) await well(world, ['send', agent.name, '-f', file]);
        await well(world, ['wait', agent.name, '--for', 'idle', '--timeout', '20s']);
      }
    });
    const counts = prompts(world);
    expect(points.filter((point) => counts.get(`Do ${ticket(point)}`) !== 1)).toEqual([]);
    expect(await repairWell(world)).toEqual([]);
    expect(await audit(world)).toEqual([]);
    expect(existsSync(join(dirname(world.repo), 'app.worktrees'))).toBe(true);
  });
});
