import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BOT, BOT_YAML } from './bot.ts';
import { call, sharedWorld, shows } from './support.ts';

describe("agent CLIs of one's own", () => {
  const world = sharedWorld({ swarmYaml: 'version: 1\n' });
  const spawn = async (...words: string[]) => (await call(world, 'spawn', ['spawn', ...words])).agents[0];

  beforeAll(() => {
    const bot = world.write(join(world.dir, 'bot.py'), BOT);
    // The user's own config needs no consent.
    world.write(join(world.home, '.config/swarm/config.yaml'), BOT_YAML.replaceAll('BOT', bot));
  });

  it('get exactly what was sent, in one piece', async () => {
    const agent = await spawn(
      't1',
      '--agent',
      'bot',
      '-p',
      '/first: "it\'s" $HOME `x`\n\tsecond line \\',
      '--model',
      'big',
    );
    expect(agent).toMatchObject({ name: 'worker-1', cli: 'bot', model: 'big', sessionId: expect.any(String) });
    const many = Array.from({ length: 200 }, (_, index) => `line ${index} ünï ✓ 👩‍👩‍👧`).join('\n');
    const file = world.write(join(world.dir, 'many.txt'), many);
    const { deliveries } = await call(world, 'send', ['send', '1', '-f', file]);
    expect(deliveries).toMatchObject([{ state: 'delivered', evidence: 'screen', changes: [] }]);
    const said = readFileSync(join(agent?.worktree ?? '', 'said.txt'), 'utf8');
    expect(said.split('\n')).toHaveLength(3);
    expect(said).toContain(`"it\\'s" $HOME \`x\`\\n\\tsecond line \\\\`);
    expect(said).toContain('line 199 ünï ✓ 👩');
    await shows(world, '1', `--model big --session ${agent?.sessionId}`);
  });

  it('resume by their recipe', async () => {
    const before = (await call(world, 'status', ['pause', '1'])).agent.sessionId;
    const { resumed, agent } = await call(world, 'revive', ['resume', '1']);
    expect({ resumed, session: agent.sessionId }).toEqual({ resumed: true, session: before });
    await shows(world, '1', `bot --resume ${before}`);
  });

  it('that the config does not describe any more are not known, and hide no other agent', async () => {
    const config = join(world.home, '.config/swarm/config.yaml');
    const before = readFileSync(config, 'utf8');
    world.write(config, 'version: 1\n');
    const { agents } = await call(world, 'ls', ['ls']);
    expect(agents.find(({ name }) => name === 'worker-1')).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining("swarm knows no agent CLI 'bot'"),
    });
    expect((await world.swarm(['status', '1', '--explain'])).exitCode).toBe(0);
    expect((await call(world, 'error', ['send', '1', 'hello'], { exit: 2 })).error.code).toBe('UNKNOWN_AGENT_CLI');
    world.write(config, before);
    expect((await call(world, 'status', ['status', '1'])).agent.status).toBe('idle');
  });

  it('keep the draft of a person: the message waits, and is refused when the time is up', async () => {
    const { agent } = await call(world, 'status', ['status', '1']);
    await world.tmux(['send-keys', '-t', agent.tmux.pane ?? '', '-l', 'half a thought']);
    const held = await call(world, 'send', ['send', '1', 'me first', '--timeout', '500ms'], { exit: 6 });
    expect(held.deliveries).toMatchObject([{ state: 'failed', attempts: 0 }]);
    expect(held.deliveries[0]?.reason).toContain('half a thought');
    await shows(world, '1', '> half a thought');
    await world.tmux(['send-keys', '-t', agent.tmux.pane ?? '', 'C-u']);
    expect((await call(world, 'send', ['send', '1', 'now me'])).deliveries).toMatchObject([{ state: 'delivered' }]);
  });

  it('that read lines get one line, or are told why not', async () => {
    const agent = await spawn('t2', '--agent', 'line', '-p', 'one; $(two) "three"');
    await shows(world, agent?.name ?? '', 'got: one; $(two) "three"');
    for (const text of ['two\nlines', 'x'.repeat(5000)]) {
      const result = await world.swarm(['send', agent?.name ?? '', text, '--json']);
      expect(result.exitCode).not.toBe(0);
      expect(result.stdout).toMatch(/line/);
    }
    expect((await world.swarm(['capture', agent?.name ?? ''])).stdout.match(/got:/g)).toHaveLength(1);
  });

  it('and a shell runs what it is sent, line by line, and tells when it is busy', async () => {
    const agent = await spawn('t3', '--agent', 'shell', '-p', 'echo "$SWARM_AGENT on $PORT"');
    const name = agent?.name ?? '';
    await world.swarm(['wait', name]);
    await shows(world, name, `${name} on ${agent?.ports['PORT']}`);
    await call(world, 'send', ['send', name, 'sleep 30']);
    expect((await call(world, 'status', ['status', name])).agent.status).toBe('working');
    const busy = await call(world, 'send', ['send', name, 'echo too early', '--timeout', '300ms'], { exit: 6 });
    expect(busy.deliveries).toMatchObject([{ state: 'failed', attempts: 0 }]);
    const timedOut = await call(world, 'error', ['wait', name, '--timeout', '300ms'], { exit: 6 });
    expect(timedOut.error).toMatchObject({ code: 'TIMED_OUT' });
    const interrupted = await call(world, 'send', ['send', name, 'echo "after $((1+1))"', '--interrupt']);
    expect(interrupted.deliveries).toMatchObject([{ state: 'delivered' }]);
    await world.swarm(['wait', name]);
    await shows(world, name, 'after 2');
    // Whether it took the line or just ended can't be told any more.
    await call(world, 'send', ['send', name, 'exit 0'], { exit: 6 });
    expect((await world.swarm(['wait', name, '--for', 'exited'])).exitCode).toBe(0);
    expect((await call(world, 'status', ['status', name])).agent).toMatchObject({ status: 'exited' });
  });
});
