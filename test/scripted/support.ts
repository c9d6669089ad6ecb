import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scripted } from '../../src/agents/clis/scripted.ts';
import { type Look, parseScreen } from '../../src/agents/screen.ts';
import type { LogLine } from '../../src/agents/scripted/record.ts';
import { run } from '../../src/process/run.ts';
import { nodeFolder, root } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import type { World } from '../support/world.ts';

/** The bundled program. */
const PROGRAM = join(root, 'dist', 'agents', 'scripted', 'main.js');

/** The scripted agent in a pane of its own. */
export interface Pane {
  /** Plain lines of the screen, trailing blanks removed. */
  screen(): Promise<string>;
  /** With the scrollback. */
  everything(): Promise<string>;
  /** What swarm's own adapter reads off it. */
  look(): Promise<Look>;
  title(): Promise<string>;
  keys(...keys: string[]): Promise<void>;
  paste(text: string): Promise<void>;
  /** Waits until the adapter sees the state (and the screen has the text). */
  until(state: Look['state'], text?: string): Promise<void>;
  /** The exit status once it ended. */
  ended(): Promise<string>;
  log(): LogLine[];
  prompts(): string[];
  /** Waits until the log has so many prompts. */
  received(count: number): Promise<LogLine[]>;
  format(format: string): Promise<string>;
}

export interface PaneOptions {
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly size?: readonly [columns: number, rows: number];
}

/** Starts the scripted agent in tmux, in the world's repository. */
export async function openPane(world: World, args: readonly string[] = [], options: PaneOptions = {}): Promise<Pane> {
  const log = join(world.dir, `prompts-${args.length}-${Date.now()}.jsonl`);
  const script = options.script === undefined ? [] : ['--script', world.write('../script.yaml', options.script)];
  const [columns, rows] = options.size ?? [80, 30];
  const argv = [join(nodeFolder, 'node'), PROGRAM, '--log', log, ...script, ...args];
  const env = Object.entries({ SWARM_SCRIPTED_HOME: join(world.dir, 'scripted'), ...options.env });
  const settings = env.flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const tmux = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await world.tmux(words);
    if (exitCode !== 0) throw new Error(`tmux ${words.join(' ')}: ${stderr}`);
    return stdout.replace(/\n$/, '');
  };
  if ((await world.tmux(['has-session', '-t', '=test'])).exitCode !== 0) {
    await tmux('new-session', '-d', '-s', 'test', '-x', String(columns), '-y', String(rows), 'sleep', '1000');
    await tmux('set-option', '-g', 'remain-on-exit', 'on');
  }
  const where = ['-t', 'test:', '-c', world.repo];
  const pane = await tmux('new-window', '-d', '-P', '-F', '#{pane_id}', ...where, ...settings, ...argv);
  const format = (text: string) => tmux('display-message', '-p', '-t', pane, text);
  const capture = () => tmux('capture-pane', '-p', '-e', '-N', '-t', pane);
  const look = async () => scripted.look(parseScreen(await capture()));
  const lines = (): LogLine[] =>
    !existsSync(log)
      ? []
      : readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as LogLine);
  const prompts = () => lines().flatMap((line) => ('prompt' in line ? [line.prompt] : []));
  const screen = async () => (await tmux('capture-pane', '-p', '-t', pane)).trimEnd();
  // When a program has ended, tmux scrolls its first line out of sight.
  const everything = async () => (await tmux('capture-pane', '-p', '-S', '-', '-t', pane)).trimEnd();
  return {
    screen,
    everything,
    look,
    format,
    title: () => format('#{pane_title}'),
    keys: async (...keys) => void (await tmux('send-keys', '-t', pane, ...keys)),
    paste: async (text) => {
      const loaded = await run(['tmux', '-L', world.socket, 'load-buffer', '-b', 'text', '-'], {
        env: world.env,
        input: text,
      });
      if (loaded.exitCode !== 0) throw new Error(loaded.stderr);
      await tmux('paste-buffer', '-p', '-r', '-d', '-b', 'text', '-t', pane);
    },
    until: (state, text = '') =>
      waitFor(async (see) => {
        const [seen, shown] = [await look(), await screen()];
        see(`${seen.state} (${seen.reason})\n${shown}`);
        return (seen.state === state && shown.includes(text)) || null;
      }, `${state} ${text}`).then(() => {}),
    ended: () =>
      waitFor(async (see) => {
        const [dead, status, signal] = see(await format('#{pane_dead}|#{pane_dead_status}|#{pane_dead_signal}')).split(
          '|',
        );
        if (dead !== '1') return null;
        // tmux 3.3a now and then misses how a program ended, until another of its children ends.
        if (`${status}${signal}` === '') await tmux('run-shell', 'true');
        return `${status}${signal}` || null;
      }, 'its end'),
    log: lines,
    prompts,
    received: (count) => waitFor((see) => (see(prompts()).length >= count ? lines() : null), `${count} prompts`),
  };
}
