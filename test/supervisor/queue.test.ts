import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { peekRows } from '../../src/store/peek-rows.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';

/** Works until the file `go` is in its worktree, once it was told to. */
const SCRIPT = `
on:
  - prompt: '^work'
    do:
      - run: 'until [ -e go ]; do sleep 0.05; done'
`;

describe('prompts that wait for the supervisor', () => {
  const world = useWorld();
  const rows = () =>
    peekRows<{ state: string; reason: string | null }>(
      join(world.repo, '.git/swarm'),
      'swarm.db',
      'select state, reason from deliveries order by created_at',
    );
  const files = () =>
    peekRows<{ file: string }>(
      join(world.repo, '.git/swarm'),
      'swarm.db',
      'select file from deliveries order by created_at',
    ).map(({ file }) => file);
  const states = () => rows().map(({ state }) => state);
  const busy = async () => {
    const script = world.write(join(world.dir, 'script.yaml'), SCRIPT);
    const { worktree } = await spawnOne(world, ['t1', '-p', 'work', '--', '--script', script, '--log', 'log']);
    const prompts = () =>
      readFileSync(join(worktree ?? '', 'log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"prompt"'))
        .map((line) => (JSON.parse(line) as { prompt?: string }).prompt)
        .filter((prompt) => prompt !== undefined);
    return { go: () => world.write(join(worktree ?? '', 'go'), ''), prompts };
  };
  const send = (text: string) => call(world, 'send', ['send', '1', text, '--timeout', '200ms']);
  afterEach(() => world.swarm(['down']));

  it('are typed once it can take them, each once, in their order', async () => {
    const agent = await busy();
    await world.swarm(['up']);
    const [first] = (await send('one')).deliveries;
    const [second] = (await send('two\nlines')).deliveries;
    expect([first?.state, second?.state]).toEqual(['queued', 'queued']);
    expect([first?.reason, second?.reason]).toEqual([expect.stringContaining('working'), '1 queued before it']);
    agent.go();
    await waitFor(async (see) => (see(states()).every((state) => state === 'delivered') ? true : null), 'delivery');
    expect(agent.prompts()).toEqual(['work', 'one', 'two\nlines']);
  });

  it('fail without a supervisor, as ever', async () => {
    await busy();
    const [delivery] = (await call(world, 'send', ['send', '1', 'one', '--timeout', '200ms'], { exit: 6 })).deliveries;
    expect(delivery).toMatchObject({ state: 'failed', reason: expect.stringContaining('working') });
  });

  it('follow their agent to another name, and tell when their text is gone', async () => {
    const agent = await busy();
    await world.swarm(['up']);
    await send('one');
    await send('two');
    await world.swarm(['rename', '1', 'anna']);
    await world.swarm(['pause', 'anna']);
    rmSync(join(world.repo, '.git/swarm', files()[2]?.replace('worker-1', 'anna') ?? ''));
    agent.go();
    await world.swarm(['resume', 'anna']);
    await waitFor(async (see) => (see(states()).includes('queued') ? null : true), 'delivery');
    expect(states()[1]).toBe('delivered');
    expect(rows()[2]).toEqual({ state: 'failed', reason: 'its text is gone' });
  });

  it('are unknown, said so and never typed again when the supervisor dies in the middle of one', async () => {
    const agent = await busy();
    const dies = world.start(['up', '--foreground'], { env: { SWARM_CRASH_AT: 'deliver:paste:effect' } });
    const beat = join(world.repo, '.git/swarm/supervisor.beat');
    await waitFor(async () => (existsSync(beat) ? true : null), 'the supervisor');
    await send('one');
    await send('two');
    agent.go();
    expect((await dies.result).signal).toBe('SIGKILL');
    expect(states()).toEqual(['delivered', 'pasting', 'queued']);
    await world.swarm(['up']);
    await waitFor(async (see) => (see(states())[1] === 'pasting' ? null : true), 'what became of it');
    expect(rows()[1]).toEqual({ state: 'unknown', reason: expect.stringContaining('look before you send it again') });
    // What was pasted and not submitted is a draft: nothing is typed over it.
    expect(states()[2]).toBe('queued');
    expect(agent.prompts()).toEqual(['work']);
  });

  it('survive the death of the supervisor and of the agent, and can be taken back', async () => {
    const agent = await busy();
    const up = (await world.swarm(['up', '--json'])).jsonAs<{ supervisor: { pid: number } }>();
    await send('one');
    process.kill(up.supervisor.pid, 'SIGKILL');
    // Nothing was typed: it is no delivery to be settled.
    await world.swarm(['repair']);
    expect(states()).toEqual(['delivered', 'queued']);
    await world.swarm(['up']);
    await send('two');
    expect((await world.swarm(['send', '1', '--cancel'])).stdout).toContain('2 prompts taken back');
    expect((await world.swarm(['send', '1', '--cancel'])).exitCode).toBe(3);
    agent.go();
    await world.swarm(['wait', '1']);
    expect(agent.prompts()).toEqual(['work']);
  });
});

describe('hooks on a change of status', () => {
  const world = useWorld({ swarmYaml: 'hooks: { on_idle: [\'touch "$SWARM_REPO/../team"\'] }\n' });
  afterEach(() => world.swarm(['down']));
  const skipped = () =>
    peekRows<{ data: string }>(
      join(world.repo, '.git/swarm'),
      'swarm.db',
      "select data from events where type = 'hook-skipped'",
    );

  it('run with consent, with what happened in their environment; without it they are skipped and that is on record', async () => {
    const script = world.write(join(world.dir, 'script.yaml'), 'default: [{ wait: 1500ms }]\n');
    await spawnOne(world, ['t1', '--', '--script', script]);
    await world.swarm(['wait', '1']);
    await world.swarm(['up']);
    await world.swarm(['send', '1', 'hello']);
    await waitFor(async (see) => (see(skipped()).length === 1 ? true : null), 'the skipped hook');
    expect(existsSync(join(world.dir, 'team'))).toBe(false);
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    const mine = 'echo "$SWARM_AGENT $SWARM_STATUS_BEFORE $SWARM_STATUS" >> "$SWARM_REPO/../mine"';
    world.write('swarm.local.yaml', `hooks: { on_idle: ['${mine}'] }\n`);
    await world.swarm(['send', '1', 'again']);
    const file = join(world.dir, 'mine');
    await waitFor(async () => (existsSync(file) ? true : null), 'the hook');
    await waitFor(async (see) => (see(readFileSync(file, 'utf8')).includes('\n') ? true : null), 'its line');
    expect(readFileSync(file, 'utf8')).toBe('worker-1 working idle\n');
  });
});
