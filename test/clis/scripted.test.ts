import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import { readSpool } from '../../src/agents/events.ts';
import { type Look, parseScreen } from '../../src/agents/screen.ts';
import { poll } from '../../src/lib/poll.ts';
import { programRoot } from '../../src/lib/program.ts';
import { useWorld } from '../support/world.ts';

const scripted = agentCli('scripted', { agents: {} });

describe('the scripted agent, as its adapter starts it', () => {
  const world = useWorld();

  /** Starts it in a pane of 100 × 30 cells; answers a function that waits for a look. */
  async function start(args: readonly string[], script: string) {
    const spool = join(dirname(world.write(join(world.dir, 'spool', '.keep'), '')));
    const plan = scripted.start({
      prompt: null,
      model: 'm1',
      args: ['--script', world.write(join(world.dir, 'script.yaml'), script), ...args],
      agentDir: world.dir,
      worktree: world.repo,
      reportHook: join(programRoot(), 'hooks', 'report'),
      spool,
      swarmBin: 'swarm',
      mcpVariables: [],
      program: null,
      dialogsTrust: 'ask',
      repoRoot: world.repo,
    });
    const env = Object.entries({ ...plan.env }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    await world.tmux([
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      '100',
      '-y',
      '30',
      '-c',
      world.repo,
      ...env,
      ...plan.argv,
    ]);
    const shown = async () => (await world.tmux(['capture-pane', '-e', '-p', '-N', '-t', ':0.0'])).stdout;
    return {
      plan,
      spool,
      keys: (...keys: string[]) => world.tmux(['send-keys', '-t', ':0.0', ...keys]),
      until: async (what: (look: Look) => boolean): Promise<Look> => {
        let last = '';
        const seen = await poll(
          async () => {
            last = await shown();
            const look = scripted.look(parseScreen(last));
            return what(look) ? look : null;
          },
          { timeout: 20_000 },
        );
        if (seen === null) throw new Error(`not seen on:\n${last}`);
        return seen;
      },
    };
  }

  it('is seen starting, ready, with a draft, at work with a queue, asking, and ready again', async () => {
    const script =
      'on:\n  - prompt: go\n    do: [{ wait: 2s }, { question: { text: "Which database?", options: [Postgres, SQLite] } }]\n';
    const { plan, spool, keys, until } = await start(['--startup', '500ms'], script);
    await until(({ state }) => state === 'starting');
    await until(({ state, input }) => state === 'ready' && input.draft === '');
    await keys('g', 'o');
    expect((await until(({ input }) => input.draft === 'go')).state).toBe('ready');
    await keys('Enter');
    await until(({ state, input, queued }) => state === 'busy' && input.draft === '' && !queued);
    await keys('x', 'Enter');
    await until(({ state, queued }) => state === 'busy' && queued);
    const asked = await until(({ state }) => state === 'waiting');
    expect(asked.waiting).toMatchObject({ kind: 'question', text: 'Which database?' });
    expect(asked.waiting?.options.map(({ key, label }) => [key, label])).toEqual([
      ['1', 'Postgres'],
      ['2', 'SQLite'],
    ]);
    await keys('2');
    await until(({ state }) => state === 'ready');
    const events = await readSpool(spool);
    const states = events.map(({ event, payload }) => scripted.events(event, payload));
    expect(states.map((one) => one?.state)).toContain('working');
    expect(states.find((one) => one?.prompt === 'go')?.conversation).toBe(plan.conversation);
    expect(states.at(-1)?.state).toBe('idle');
  });

  it('is seen to fail, and not when it only says so', async () => {
    const script =
      'on:\n  - { prompt: go, do: [{ error: 400 no }] }\n  - { prompt: say, do: [{ say: "API Error: 400" }] }\n';
    const { keys, until } = await start([], script);
    await until(({ state }) => state === 'ready');
    await keys('go', 'Enter');
    expect((await until(({ state }) => state === 'error')).reason).toBe('API Error: 400 no');
    await keys('say', 'Enter');
    await until(({ state, input }) => state === 'ready' && input.draft === '');
  });

  it('is seen to ask for trust, with No chosen beforehand, and for permission', async () => {
    const { keys, until } = await start(['--trust', '--dialog', 'start'], 'default: []\n');
    const trust = await until(({ waiting }) => waiting?.kind === 'trust');
    expect(trust.waiting?.options.find(({ selected }) => selected)?.label).toBe('No, exit');
    const yes = trust.waiting?.options.find(({ label }) => label.startsWith('Yes'));
    await keys(...(yes?.key.split(' ') ?? []));
    const permission = await until(({ waiting }) => waiting?.kind === 'approve');
    expect(permission.reason).toBe('permission dialog: Do you want to proceed?');
  });
});
