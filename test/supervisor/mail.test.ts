import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/board/messages/types.ts';
import { backUp } from '../../src/store/backups.ts';
import { call, spawnOne } from '../e2e/support.ts';
import { writeScript } from '../support/hostile.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld, type World } from '../support/world.ts';

const as = (agent: string) => ({ env: { SWARM_AGENT: agent } });
const post = async (world: World, ...words: string[]) =>
  (await world.swarm(['msg', 'send', '--json', ...words])).jsonAs<{ messages: Message[] }>().messages[0]?.id ?? '';
const list = async (world: World) =>
  (await world.swarm(['msg', 'list', '--json'])).jsonAs<{ messages: Message[] }>().messages;
const stateOf = async (world: World, id: string) => (await list(world)).find((one) => one.id === id)?.state;
const status = async (world: World, name: string) => (await call(world, 'status', ['status', name])).agent;

describe('messages for agents', () => {
  const world = useWorld();
  const log = () => join(world.dir, 'prompts');
  const prompts = () => (existsSync(log()) ? readFileSync(log(), 'utf8') : '');
  const scripted = (yaml: string) => ['--', '--log', log(), '--script', world.write(join(world.dir, 's.yaml'), yaml)];

  it('reach the screen of who rests, the urgent one first, each once, and say how to reply', async () => {
    await spawnOne(world, ['t1', ...scripted('default: [{ wait: 100ms }]\n')]);
    await world.swarm(['wait', '1']);
    // Said before, it starts none by itself.
    await world.swarm(['down']);
    const ids = [
      await post(world, '1', 'first of all'),
      await post(world, '1', 'second\nand more of it'),
      await post(world, '1', 'at once!', '--priority', 'urgent'),
    ];
    await call(world, 'up', ['up']);
    await waitFor(async (see) => (see(await list(world)).every(({ state }) => state === 'seen') ? true : null), 'all');
    const typed = prompts();
    const at = (text: string) => typed.indexOf(text);
    expect([at('at once!'), at('first of all'), at('and more of it')]).toEqual(
      [at('at once!'), at('first of all'), at('and more of it')].sort((a, b) => a - b),
    );
    expect(typed).toContain(`[urgent message from person, id ${ids[2]?.slice(0, 8)}] at once!`);
    expect(typed).toContain(`swarm msg send --reply-to ${ids[0]?.slice(0, 8)}`);
    for (const text of ['at once!', 'first of all', 'and more of it']) expect(typed.split(text).length).toBe(2);
  });

  it('reach who rests after a turn that failed', async () => {
    await spawnOne(world, ['t1', '-p', 'break', ...scripted('on: [{ prompt: break, do: [{ error: "API 500" }] }]\n')]);
    await call(world, 'up', ['up']);
    await waitFor(
      async (see) => ((see(await status(world, '1')).reason ?? '').includes('API 500') ? true : null),
      'it',
    );
    const id = await post(world, '1', 'go on, please');
    await waitFor(async (see) => (see(await stateOf(world, id)) === 'seen' ? true : null), 'the message');
    expect(prompts().split('go on, please').length).toBe(2);
  });

  it('wait for who works, is drafted into or taken over, and are never typed into a shell', async () => {
    await spawnOne(world, ['t1', ...scripted('on: [{ prompt: long, do: [{ wait: 2s }] }]\n')]);
    await world.swarm(['spawn', 't2', '--agent', 'shell']);
    await world.swarm(['wait', '1']);
    await call(world, 'up', ['up']);
    const toShell = await post(world, '2', 'touch ran-it');
    await world.swarm(['send', '1', 'a long one']);
    const busy = await post(world, '1', 'for later');
    expect(await stateOf(world, busy)).toBe('queued');
    await waitFor(async (see) => (see(await stateOf(world, busy)) === 'seen' ? true : null), 'the message');
    const { tmux } = await status(world, '1');
    await world.tmux(['send-keys', '-t', tmux.pane ?? '', '-l', 'a draft of mine']);
    const drafted = await post(world, '1', 'not over the draft');
    const next = await post(world, '2', 'and another');
    await waitFor(async (see) => {
      const { reason } = see(await status(world, '1'));
      return reason === null ? null : true;
    }, 'a look');
    expect([await stateOf(world, toShell), await stateOf(world, next), await stateOf(world, drafted)]).toEqual(
      Array(3).fill('queued'),
    );
    await world.tmux(['send-keys', '-t', tmux.pane ?? '', 'C-u']);
    await waitFor(async (see) => (see(await stateOf(world, drafted)) === 'seen' ? true : null), 'the drafted one');
    expect(prompts()).not.toContain('a draft of mine');
    expect(existsSync(join(world.dir, 'app.worktrees', 'worker-2', 'ran-it'))).toBe(false);
  });

  it.each(['paste', 'enter'])(
    'are unknown when who typed them is killed after the %s, and not typed again',
    async (point) => {
      await spawnOne(world, ['t1', ...scripted('default: [{ wait: 100ms }]\n')]);
      await world.swarm(['wait', '1']);
      await world.swarm(['down']);
      const id = await post(world, '1', 'at most once');
      const killed = world.start(['up', '--foreground'], { env: { SWARM_CRASH_AT: `deliver:${point}:effect` } });
      expect((await killed.result).signal).toBe('SIGKILL');
      await call(world, 'up', ['up']);
      await waitFor(async (see) => (see(await stateOf(world, id)) === 'unknown' ? true : null), 'that nobody knows');
      // What was pasted and not sent is in the box, where it holds up the next: only a person can tell whose it is.
      if (point === 'paste') await world.tmux(['send-keys', '-t', (await status(world, '1')).tmux.pane ?? '', 'C-u']);
      const next = await post(world, '1', 'the next one');
      await waitFor(async (see) => (see(await stateOf(world, next)) === 'seen' ? true : null), 'the next one');
      expect(prompts().split('at most once').length).toBe(point === 'paste' ? 1 : 2);
      expect(await stateOf(world, id)).toBe('unknown');
    },
  );

  it('are not typed twice after the database came back from a backup', async () => {
    await spawnOne(world, ['t1', ...scripted('default: [{ wait: 100ms }]\n')]);
    await world.swarm(['wait', '1']);
    await world.swarm(['down']);
    const id = await post(world, '1', 'only once');
    const state = join(world.repo, '.git/swarm');
    await backUp(state);
    await call(world, 'up', ['up']);
    await waitFor(async (see) => (see(await stateOf(world, id)) === 'seen' ? true : null), 'the message');
    await world.swarm(['down']);
    const database = new DatabaseSync(join(state, 'swarm.db'));
    database.exec("update messages set state = 'queued', seen_at = null, evidence = null");
    database.close();
    await call(world, 'up', ['up']);
    await waitFor(async (see) => (see(await stateOf(world, id)) === 'unknown' ? true : null), 'that nobody knows');
    expect(prompts().split('only once').length).toBe(2);
    expect(readdirSync(join(state, 'agents/worker-1/prompts'))).toContain(`${id}.message`);
  });

  it('that ask are shown: the agent waits, the person hears of it, and the answer comes back', async () => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', 'notify: { bell: false, desktop: true }\n');
    const told = join(world.dir, 'told');
    writeScript(join(world.bin, 'notify-send'), `printf '<%s>' "$@" >> '${told}'`);
    await spawnOne(world, ['t1', ...scripted('default: [{ wait: 100ms }]\n')]);
    await spawnOne(world, ['t2']);
    await world.swarm(['wait', '1']);
    await call(world, 'up', ['up']);
    await world.swarm(['ask', 'Which colour?', '--no-wait'], as('worker-1'));
    await world.swarm(['ask', 'Are you done?', '--to', 'worker-1', '--no-wait'], as('worker-2'));
    const is = (name: string, wanted: string, reason: string) =>
      waitFor(async (see) => {
        const agent = see(await status(world, name));
        return agent.status === wanted && agent.reason === reason ? agent : null;
      }, `${name} ${wanted}`);
    await is('1', 'waiting', 'asks: Which colour?');
    await is('2', 'blocked', 'asks worker-1: Are you done?');
    const asked = () => existsSync(told) && readFileSync(told, 'utf8').includes('<worker-1 asks: Which colour?>');
    await waitFor(async () => (asked() ? true : null), 'the notification');
    await world.swarm(['answer', 'worker-1', 'green']);
    await waitFor(async (see) => (see(prompts()).includes('green') ? true : null), 'the answer on its screen');
    await world.swarm(['down']);
    expect(readFileSync(told, 'utf8').match(/Which colour/g)).toHaveLength(1);
    expect(await status(world, '1')).not.toMatchObject({ status: 'waiting' });
  });

  it('show who has done its task, and who has one', async () => {
    await spawnOne(world, ['t1']);
    await world.swarm(['task', 'add', 'work']);
    await world.swarm(['task', 'claim'], as('worker-1'));
    expect(await status(world, '1')).toMatchObject({ task: 'task-001', status: 'idle' });
    await world.swarm(['task', 'complete', 'task-001', '--summary', 'it works'], as('worker-1'));
    expect(await status(world, '1')).toMatchObject({
      task: null,
      status: 'done',
      reason: 'task-001 is reported complete',
    });
    await world.swarm(['send', '1', 'go on']);
    await world.swarm(['wait', '1']);
    expect(await status(world, '1')).toMatchObject({ task: null, status: 'idle' });
  });
});

describe('what was asked before the first supervisor', () => {
  const world = useWorld();

  it('is told once, as far as it is still open', async () => {
    world.write('.git/info/exclude', 'swarm.local.yaml\n');
    world.write('swarm.local.yaml', 'notify: { bell: false, desktop: true }\n');
    const told = join(world.dir, 'told');
    writeScript(join(world.bin, 'notify-send'), `printf '<%s>' "$@" >> '${told}'`);
    const says = () => (existsSync(told) ? readFileSync(told, 'utf8') : '');
    for (const [name, text] of [
      ['ann', 'Which colour?'],
      ['bob', 'Which size?'],
    ] as const)
      await world.swarm(['ask', text, '--no-wait', '--as', name]);
    await world.swarm(['answer', 'bob', 'large']);
    for (const again of [false, true]) {
      await call(world, 'up', ['up']);
      // A question that came since is told after those of before.
      const now = again ? 'And now?' : 'Which colour?';
      if (again) await world.swarm(['ask', now, '--no-wait', '--as', 'bob']);
      await waitFor((see) => (see(says()).includes(now) ? true : null), now);
      await world.swarm(['down']);
    }
    expect(says()).not.toContain('size');
    expect(says().match(/Which colour/g)).toHaveLength(1);
  });
});
