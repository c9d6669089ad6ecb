import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { died } from '../tmux/support.ts';
import { openAgent, quickScript } from './support.ts';

describe('delivering a prompt', () => {
  const world = useWorld();

  test('arrives once, by its hook or by the screen', async () => {
    const agent = await openAgent(world, { hooks: true });
    const delivery = await agent.send('hello');
    expect(delivery).toMatchObject({
      agent: 'worker-1',
      state: 'delivered',
      evidence: 'hook',
      attempts: 1,
      reason: null,
    });
    const silent = await openAgent(world, { name: 'worker-2' });
    expect(await silent.send('hello')).toMatchObject({ state: 'delivered', evidence: 'screen', attempts: 1 });
    expect(agent.prompts()).toEqual(['hello']);
    expect(silent.prompts()).toEqual(['hello']);
  });

  test.for([
    ['lost', 800],
    ['kept', 800],
  ] as const)('waits until an agent is ready that would have %s it', async ([early, startup]) => {
    const agent = await openAgent(world, { modes: ['--startup', String(startup), '--early', early] });
    expect(await agent.send('first')).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(agent.log()).toMatchObject([{ prompt: 'first' }]);
  });

  test('presses Enter once more when the first is swallowed, and no third time', async () => {
    const agent = await openAgent(world, { modes: [...quickScript(world), '--eat-enter', '1'] });
    expect(await agent.send('again')).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(agent.prompts()).toEqual(['again']);
    const deaf = await openAgent(world, { name: 'worker-2', modes: ['--eat-enter', '5'] });
    const delivery = await deaf.send('not taken');
    expect(delivery).toMatchObject({ state: 'failed', attempts: 2 });
    expect(delivery.reason).toContain('taken out of its input box again');
    expect(await deaf.draft()).toBe('');
    expect(deaf.prompts()).toEqual([]);
  });

  test('a program that ignores what is pasted is a failure', async () => {
    const agent = await openAgent(world, { modes: ['--ignore-paste'] });
    expect(await agent.send('hello')).toMatchObject({
      state: 'failed',
      attempts: 0,
      reason: expect.stringContaining('did not take in'),
    });
    expect(agent.prompts()).toEqual([]);
  });

  test('waits for the turn to end, queues into it, or interrupts it', async () => {
    const script = world.write(
      'script.yaml',
      'on: [{ prompt: long, do: [{ wait: 60s }] }]\ndefault: [{ wait: 700ms }]\n',
    );
    const agent = await openAgent(world, { modes: ['--script', script] });
    await agent.send('short');
    const next = await agent.send('long');
    expect(next).toMatchObject({ state: 'delivered' });
    expect(next.ms).toBeGreaterThan(500);
    expect(await agent.send('too late', { timeoutMs: 300 })).toMatchObject({
      state: 'failed',
      attempts: 0,
      reason: expect.stringContaining('it is working'),
    });
    expect(await agent.send('queued', { mode: 'now' })).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(agent.log().at(-1)).toMatchObject({ prompt: 'queued', queued: true });
    await agent.shows('busy');
    expect(await agent.send('stop that', { mode: 'interrupt' })).toMatchObject({ state: 'delivered' });
    expect(agent.prompts()).toEqual(['short', 'long', 'queued', 'stop that']);
  });

  test('a prompt that its CLI puts back into its box when interrupted is no draft; one that a person has changed is', async () => {
    const script = world.write('script.yaml', 'on: [{ prompt: long, do: [{ wait: 60s }] }]\n');
    const agent = await openAgent(world, { modes: ['--script', script, '--restore'], hooks: true });
    await agent.send('a long "one"\nof two lines');
    expect(await agent.send('stop that', { mode: 'interrupt' })).toMatchObject({ state: 'delivered' });
    expect(agent.prompts()).toEqual(['a long "one"\nof two lines', 'stop that']);
    await agent.send('again long');
    await agent.shows('busy');
    await agent.type('Escape');
    await agent.shows('ready');
    await agent.type('and mine');
    expect(await agent.send('instead', { mode: 'interrupt', timeoutMs: 600 })).toMatchObject({
      state: 'failed',
      reason: 'a draft is in its input box: again longand mine',
    });
    expect(agent.prompts()).toEqual(['a long "one"\nof two lines', 'stop that', 'again long']);
  });

  test.for([
    ['in letters beyond ASCII', '続けて', '大事な下書き、消さないで', '大事な下書き、消さないで'],
    ['with a mark for a paste', 'long', null, '[Pasted text #1 +40 lines]'],
  ] as const)('a draft %s is no prompt that was put back', async ([, prompt, typed, shown]) => {
    const script = world.write('script.yaml', `on: [{ prompt: '${prompt}', do: [{ wait: 60s }] }]\n`);
    const agent = await openAgent(world, { modes: ['--script', script], hooks: true });
    await agent.send(prompt);
    await agent.shows('busy');
    if (typed !== null) await agent.type('-l', typed);
    else {
      await agent.to.run(['set-buffer', '-b', 'mine', Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\n')]);
      await agent.to.run(['paste-buffer', '-p', '-d', '-b', 'mine', '-t', agent.pane]);
    }
    await waitFor(async (see) => (see(await agent.draft()) === shown ? true : null), 'the draft');
    expect(await agent.send('instead', { mode: 'interrupt', timeoutMs: 1500 })).toMatchObject({
      state: 'failed',
      reason: `a draft is in its input box: ${shown}`,
    });
    expect(await agent.draft()).toBe(shown);
    expect(agent.prompts()).toEqual([prompt]);
  });

  test('two senders at once take turns', async () => {
    const agent = await openAgent(world, { modes: quickScript(world) });
    const texts = Array.from({ length: 6 }, (_, i) => `sender ${i}\n${`${i}`.repeat(300)}\nend ${i}`);
    const all = await Promise.all(texts.map((text) => agent.send(text)));
    expect(all.map(({ state }) => state)).toEqual(texts.map(() => 'delivered'));
    expect([...agent.prompts()].sort()).toEqual(texts);
    expect(await agent.db.selectFrom('leases').selectAll().execute()).toEqual([]);
  });

  test('a sender that finds the agent taken for too long says so', async () => {
    const agent = await openAgent(world, { modes: ['--dialog', 'start'] });
    await agent.shows('waiting');
    const first = agent.send('first', { timeoutMs: 1500 });
    await waitFor(
      async () => ((await agent.db.selectFrom('leases').selectAll().execute()).length > 0 ? true : null),
      'a lease',
    );
    const second = await agent.send('second', { timeoutMs: 200 });
    expect(second).toMatchObject({ state: 'failed', attempts: 0, reason: expect.stringContaining('busy') });
    expect((await first).state).toBe('failed');
  });

  test('a draft of a person is not touched; the prompt waits for it to be gone', async () => {
    const agent = await openAgent(world, { modes: quickScript(world) });
    await agent.shows('ready');
    await agent.type('-l', 'I am just wri');
    await waitFor(async (see) => (see(await agent.draft()) === 'I am just wri' ? true : null), 'the draft');
    const early = await agent.send('too early', { timeoutMs: 400 });
    expect(early).toMatchObject({ state: 'failed', attempts: 0, reason: 'a draft is in its input box: I am just wri' });
    expect(await agent.draft()).toBe('I am just wri');
    const waiting = agent.send('after you');
    await delay(200);
    await agent.type('-l', 'ting');
    await agent.type('Enter');
    expect(await waiting).toMatchObject({ state: 'delivered' });
    expect(agent.prompts()).toEqual(['I am just writing', 'after you']);
  });

  test('a person who types all the time never gets a prompt into a line of theirs', async () => {
    const agent = await openAgent(world, { modes: quickScript(world) });
    await agent.shows('ready');
    const typed: string[] = [];
    let sent = false;
    const sender = agent.send('from swarm').finally(() => {
      sent = true;
    });
    for (let i = 0; !sent && i < 400; i++) {
      typed.push(`person ${i}`);
      await agent.type('-l', `person ${i}`);
      await agent.type('Enter');
    }
    const delivery = await sender;
    const received = agent.prompts();
    // Whatever came first: nobody's text is inside somebody else's, unless the delivery says that it failed.
    if (delivery.state === 'delivered')
      expect(received.filter((text) => text.includes('swarm'))).toEqual(['from swarm']);
    else expect(received.filter((text) => text === 'from swarm')).toEqual([]);
  });

  test('waits while somebody scrolls', async () => {
    const agent = await openAgent(world);
    await agent.shows('ready');
    await agent.to.run(['copy-mode', '-t', agent.pane]);
    expect(await agent.send('hello', { timeoutMs: 300 })).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('copy mode'),
    });
    const waiting = agent.send('hello');
    await delay(200);
    await agent.type('-X', 'cancel');
    expect(await waiting).toMatchObject({ state: 'delivered' });
    expect(agent.prompts()).toEqual(['hello']);
  });

  test('never types into another process, a dead one or a window that is gone', async () => {
    const agent = await openAgent(world, { modes: ['--startup', '0'] });
    await agent.shows('ready');
    expect(await agent.send('x', { pid: agent.pid + 1 })).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('another program'),
    });
    expect(await agent.send('x', { pane: '%99' })).toMatchObject({ state: 'failed', reason: 'its window is gone' });
    process.kill(agent.pid, 'SIGKILL');
    await died(agent.to, agent.pane);
    expect(await agent.send('x')).toMatchObject({
      state: 'failed',
      attempts: 0,
      reason: 'its program has ended by signal 9',
    });
    await world.tmux(['kill-server']);
    expect(await agent.send('x')).toMatchObject({ state: 'failed', reason: 'its window is gone' });
    expect(agent.log()).toEqual([]);
  });

  test('an agent that dies of its prompt is never called a failure to deliver', async () => {
    const script = world.write('script.yaml', 'default: [{ crash: 9 }]\n');
    const agent = await openAgent(world, { modes: ['--script', script] });
    const delivery = await agent.send('poison');
    expect(agent.prompts()).toEqual(['poison']);
    expect(['delivered', 'unknown']).toContain(delivery.state);
    expect(delivery.state === 'unknown' ? delivery.reason : null).not.toBe('');
  });
});

describe('delivering with settings that change every default', () => {
  const world = useWorld({ hostile: true });

  test('arrives all the same', async () => {
    const agent = await openAgent(world, { modes: quickScript(world), hooks: true });
    const text = 'one; "two"\n\t#{pane_id} é 🚀;';
    expect(await agent.send(text)).toMatchObject({ state: 'delivered', evidence: 'hook', attempts: 1 });
    expect(agent.prompts()).toEqual([text]);
  });
});
