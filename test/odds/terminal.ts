import { rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { run } from '../../src/process/run.ts';
import { entry, nodeFolder } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import type { World } from '../support/world.ts';

/** A person's terminal, with a shell in it: a pane of a tmux server that has nothing to do with the world's. */
export interface Terminal {
  /** Opens it; with `inTmux`, as a pane of that other server sees itself. */
  open(options?: { readonly columns?: number; readonly rows?: number; readonly inTmux?: boolean }): Promise<void>;
  close(): Promise<void>;
  /** Types a line and presses Enter. */
  type(line: string): Promise<void>;
  /** Presses keys by tmux's names. */
  keys(...names: string[]): Promise<void>;
  /** A call to its tmux server. */
  tmux(...words: string[]): Promise<string>;
  /** What is on the screen now. */
  screen(): Promise<string>;
  /** The screen once the pattern is on it. */
  shows(pattern: RegExp): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  /** Runs a command line to its end: its exit code, and the screen. */
  run(line: string): Promise<{ readonly exitCode: number; readonly screen: string }>;
}

let commands = 0;

/** A terminal for each test of the surrounding block, in which `swarm` is this program. Closed after it. */
export function useTerminal(world: World): Terminal {
  const socket = () => `${world.socket}-person`;
  const tmux = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(['tmux', '-u', '-L', socket(), ...args], {
      cwd: world.repo,
      env: world.env,
    });
    if (exitCode !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const close = async () => {
    await tmux('kill-server').catch(() => '');
    rmSync(join('/tmp', `tmux-${userInfo().uid}`, socket()), { force: true });
  };
  afterEach(close);
  const terminal: Terminal = {
    close,
    tmux,
    async open({ columns = 120, rows = 40, inTmux = false } = {}) {
      const node = join(nodeFolder, 'node');
      world.write(join(world.bin, 'swarm'), `#!/bin/sh\nexec ${node} '${entry}' "$@"\n`);
      await run(['chmod', '+x', join(world.bin, 'swarm')]);
      const plain = inTmux ? [] : ['-u', 'TMUX', '-u', 'TMUX_PANE'];
      const shell = ['env', ...plain, 'PS1=$ ', '/bin/sh'];
      await tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', world.repo, '--', ...shell);
    },
    type: async (line) => {
      await tmux('send-keys', '-l', '--', line);
      await tmux('send-keys', 'Enter');
    },
    keys: async (...names) => {
      await tmux('send-keys', ...names);
    },
    screen: () => tmux('capture-pane', '-p'),
    shows: (pattern) =>
      waitFor(async (see) => {
        const screen = see(await terminal.screen());
        return pattern.test(screen) ? screen : null;
      }, `${pattern} on the terminal`),
    resize: async (columns, rows) => {
      await tmux('resize-window', '-x', String(columns), '-y', String(rows));
    },
    async run(line) {
      const mark = `ended-${++commands}`;
      // Split, so that the line as it was typed is not taken for its end.
      await terminal.type(`${line}; echo "${mark.slice(0, 3)}""${mark.slice(3)}:$?."`);
      const screen = await terminal.shows(new RegExp(`${mark}:\\d+\\.`));
      return { exitCode: Number(new RegExp(`${mark}:(\\d+)\\.`).exec(screen)?.[1]), screen };
    },
  };
  return terminal;
}
