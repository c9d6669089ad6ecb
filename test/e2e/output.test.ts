import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastSaid, saidOnScreen } from '../../src/agents/clis/transcripts.ts';
import { newestEvents } from '../../src/agents/events.ts';
import { parseScreen } from '../../src/agents/screen.ts';
import { recordedScreens } from '../clis/fixtures.ts';
import { useWorld } from '../support/world.ts';
import { call, refused, shows, spawnOne } from './support.ts';

const ANSWER = 'Line one.\n\u001b]0;title\u0007Line \u001b[31mtwo\u001b[0m.';

describe('swarm output', () => {
  const world = useWorld();
  const spawn = async (...modes: string[]) => {
    const steps = JSON.stringify({
      on: [
        { prompt: 'hi', do: [{ say: ANSWER }] },
        { prompt: 'work', do: [{ wait: '60s' }] },
      ],
    });
    const script = world.write(join(world.dir, 'script.yaml'), steps);
    return spawnOne(world, ['t1', '--', '--script', script, ...modes]);
  };

  it('prints the answer of its hook: plain for people, exact in JSON', async () => {
    await spawn();
    expect(await refused(world, ['output', '1'], 3)).toMatchObject({ code: 'NO_ANSWER' });
    await world.swarm(['send', '1', 'hi']);
    await world.swarm(['wait', '1']);
    const { output } = await call(world, 'output', ['output', '1']);
    expect(output).toMatchObject({ agent: 'worker-1', text: ANSWER, source: 'hook', at: expect.stringMatching(/Z$/) });
    const said = await world.swarm(['output', '1']);
    expect(said.stdout).toBe('Line one.\nLine two.\n');
    expect(said.stderr).toMatch(/^worker-1: from its hook, \S+ ago\n$/);
    await world.swarm(['send', '1', 'work']);
    expect((await call(world, 'output', ['output', '1'])).output.text).toBe(ANSWER);
  });

  it('finds it in the transcript, else on the screen', async () => {
    await spawn();
    await world.swarm(['send', '1', 'hi']);
    await world.swarm(['wait', '1']);
    const spool = join(world.repo, '.git/swarm/agents/worker-1/events');
    for await (const { event, file, payload } of newestEvents(spool)) {
      if (event === 'Stop') rmSync(file);
      else
        expect(readFileSync((payload as { transcript_path: string }).transcript_path, 'utf8')).toContain('Line one.');
    }
    const { output } = await call(world, 'output', ['output', '1']);
    expect(output).toMatchObject({ text: ANSWER, source: 'transcript' });
    rmSync(spool, { recursive: true });
    expect((await call(world, 'output', ['output', '1'])).output).toEqual({
      agent: 'worker-1',
      text: 'Line one.\nLine two.',
      source: 'screen',
      at: null,
    });
  });

  it('says that nothing is there yet while the first turn runs', async () => {
    await spawn('--hooks', 'false');
    await world.swarm(['send', '1', 'work']);
    await shows(world, '1', 'Working…');
    expect(await refused(world, ['output', '1'], 6)).toMatchObject({ code: 'NO_ANSWER', hint: 'swarm wait worker-1' });
  });
});

describe('what was said last', () => {
  const line = (id: string, ...texts: string[]) =>
    JSON.stringify({
      type: 'assistant',
      timestamp: id,
      message: { id, content: texts.map((text) => ({ type: 'text', text })) },
    });

  it('in a transcript of Claude Code: the last message, whichever lines it is spread over', () => {
    const tool = JSON.stringify({ type: 'assistant', message: { id: 'c', content: [{ type: 'tool_use' }] } });
    const user = JSON.stringify({ type: 'user', message: { content: 'x' } });
    const transcript = [
      line('a', 'old'),
      user,
      line('b', 'one', 'two'),
      line('b', 'three'),
      tool,
      '{"type":"assis',
    ].join('\n');
    expect(lastSaid(transcript)).toEqual({ text: 'one\ntwo\nthree', at: 'b' });
    expect(lastSaid(`${user}\nnull\n7\n`)).toBeNull();
  });

  it.each(['claude-idle-done', 'codex-idle-done', 'gemini-idle-done'])('on a recorded screen: %s', (name) => {
    const screen = recordedScreens().find((one) => one.name === name);
    const said = saidOnScreen(screen?.cli ?? '', parseScreen(screen?.text ?? '').lines);
    expect(said).toBe('All done: I wrote hello.txt.');
  });
});
