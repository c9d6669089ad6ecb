import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../../src/lib/poll.ts';
import { run } from '../../src/process/run.ts';
import { controlledTmux, tmux } from '../../src/tmux/tmux.ts';
import { makeWorld, type World } from '../../test/support/make-world.ts';
import { entry, nodeFolder } from '../../test/support/program.ts';
import { call, measure, type Row, ratioRow, timeRow, told, toldRow } from './measure.ts';
import { countCalls, cpuShare, memoryOf } from './usage.ts';

const AGENTS = 50;
const NOISY = 10;
const KEYS = 100;
/** Milliseconds over which a share of a core is measured, after so many in which what was started comes to rest. */
const WINDOW = 20_000;
const REST = 5000;
const SIZE = ['-x', '160', '-y', '45'];
const node = join(nodeFolder, 'node');
/** What a noisy agent does when told to: 20 lines, 20 times a second, for longer than anything here takes. */
const NOISE = `default: [${Array.from({ length: 3000 }, () => '{ print_fast: 20 }, { wait: 50ms }').join(', ')}]\n`;

/** `swarm tui` and the supervisor with a full team: at rest, and while some of it prints. */
export async function benchTui(): Promise<Row[]> {
  const world = await makeWorld();
  const viewer = `${world.socket}-view`;
  const screen = controlledTmux({ socket: viewer, env: { ...world.env } }, async () => '$0');
  try {
    const counts = countCalls(world);
    const options = { cwd: world.repo, env: world.env };
    const swarm = (...words: string[]) => call([node, entry, ...words], options);
    const names = (count: number, word: string) => Array.from({ length: count }, (_, index) => `${word}-${index + 1}`);
    const script = world.write(join(world.dir, 'noise.yaml'), NOISE);
    const scripted = ['--agent', 'scripted', '--no-wait', '--json'];
    await swarm('spawn', ...names(AGENTS - NOISY, 'quiet'), ...scripted);
    await swarm('spawn', ...names(NOISY, 'noisy'), ...scripted, '--', '--script', script);
    const up = (await world.swarm(['up', '--json'])).jsonAs<{ supervisor: { pid: number } }>();
    const supervisor = up.supervisor.pid;
    await delay(REST);

    const { base } = await measure({ base: () => call([node, '-e', '0'], options) }, 10);
    const frames: number[] = [];
    await run(['tmux', '-L', viewer, '-f', '/dev/null', 'new-session', '-d', ...SIZE, '--', 'sleep', '600'], options);
    for (let round = 0; round < 5; round++) {
      const begin = performance.now();
      await screen.run(['respawn-window', '-k', '-t', '$0:', '--', node, entry, 'tui']);
      await until(async () => (await see(screen)).includes('quiet-1'), 'the first frame', 2);
      frames.push(performance.now() - begin);
      await screen.run(['respawn-window', '-k', '-t', '$0:', '--', 'sleep', '600']);
    }
    await screen.run(['respawn-window', '-k', '-t', '$0:', '--', node, entry, 'tui']);
    await until(async () => (await see(screen)).includes('quiet-1'), 'the view', 20);
    const tui = Number(await screen.display('$0:', '#{pane_pid}'));
    await delay(REST);
    const before = counts();
    const rest = await cpuShare([tui, supervisor], WINDOW);
    const calls = counts() - before;
    const keys = await keyTimes(screen);
    await makeNoise(world);
    await delay(REST);
    const noisyBefore = counts();
    const noisy = await cpuShare([tui, supervisor], WINDOW);
    const noisyCalls = counts() - noisyBefore;
    const noisyKeys = await keyTimes(screen);
    const share = (what: string, value: number, limit: number): Row => ({
      what,
      measured: `${(100 * value).toFixed(2)} % of a core`,
      limit: `${100 * limit} %`,
      ok: value <= limit,
    });
    const perMinute = (what: string, count: number): Row =>
      toldRow(what, `${Math.round((count * 60_000) / WINDOW)} a minute`);
    return [
      ratioRow('swarm tui, 50 agents: first frame', median(frames), base, 9, 'base'),
      share('swarm tui, 50 agents, nothing happening', rest[0] ?? 1, 0.01),
      told(share('supervisor, 50 agents, nothing happening', rest[1] ?? 1, 1)),
      perMinute('tmux and git processes, nothing happening', calls),
      timeRow('key to frame, p99', p99(keys), 50),
      told(share('swarm tui, 10 of 50 print', noisy[0] ?? 1, 1)),
      told(share('supervisor, 10 of 50 print', noisy[1] ?? 1, 1)),
      perMinute('tmux and git processes, 10 of 50 print', noisyCalls),
      timeRow('key to frame, 10 of 50 print, p99', p99(noisyKeys), 50),
      toldRow('memory: swarm tui, supervisor', `${memoryOf(tui)} MB, ${memoryOf(supervisor)} MB`),
    ];
  } finally {
    await screen.close();
    await tmux({ socket: viewer, env: { ...world.env } }).endServer();
    await world.swarm(['down']);
    await world.dispose();
  }
}

async function makeNoise(world: World): Promise<void> {
  const { stdout } = await world.tmux(['list-windows', '-a', '-F', '#{window_name}']);
  const noisy = stdout.split('\n').flatMap((name) => (name.includes('noisy-') ? (name.split(' ')[0] ?? '') : []));
  const { exitCode, stderr } = await world.swarm(['send', ...noisy, 'print']);
  if (exitCode !== 0) throw new Error(`the noise could not be made: ${stderr}`);
}

type Screen = ReturnType<typeof controlledTmux>;

const see = (screen: Screen) => screen.run(['capture-pane', '-e', '-p', '-t', '$0:']).catch(() => '');

async function until(holds: () => Promise<boolean>, what: string, every: number): Promise<void> {
  const seen = await poll(async () => ((await holds()) ? true : null), { timeout: 30_000, every });
  if (seen === null) throw new Error(`waited for ${what}`);
}

/** Milliseconds from a key that moves the selection to the frame that shows it. */
async function keyTimes(screen: Screen): Promise<number[]> {
  const times: number[] = [];
  // From the top: below the last agent there is none to move to.
  await screen.run(['send-keys', '-t', '$0:', 'g', 'g']);
  await delay(REST);
  for (let round = 0; round < KEYS; round++) {
    const before = selected(await see(screen));
    const begin = performance.now();
    await screen.run(['send-keys', '-t', '$0:', round % 40 < 20 ? 'j' : 'k']);
    await until(
      async () => selected(await see(screen)) !== before,
      `the selection to move from ${before} in\n${await see(screen)}`,
      1,
    );
    times.push(performance.now() - begin);
    await delay(30);
  }
  return times;
}

/** The line with the list's cursor. */
const selected = (text: string) => text.split('\n').find((line) => line.includes('▌')) ?? '';

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]) => sorted(values)[values.length >> 1] ?? Number.NaN;
const p99 = (values: readonly number[]) => sorted(values)[Math.ceil(values.length * 0.99) - 1] ?? Number.NaN;
