import { createInterface } from 'node:readline';
import type { KeysReport } from '../agents/keys/install.ts';
import { programArgv } from '../agents/keys/plan.ts';
import { agentHere, requireHere } from '../agents/keys/press.ts';
import { exit } from '../lib/errors.ts';
import { oneLine, plainLine } from '../lib/text.ts';
import { inForeground } from './foreground.ts';
import { narrate, paint } from './output.ts';

export const ASKED = ['spawn', 'send'] as const;

/** Asks for a line in a popup, and has swarm do it there, in sight. Nothing typed, Escape or Ctrl-C: nothing is done. */
export async function askAndRun(action: (typeof ASKED)[number], env: NodeJS.ProcessEnv): Promise<number> {
  const to = action === 'send' ? await agentHere(env) : { name: null, here: await requireHere(env) };
  const { folder } = to.here;
  const text = await readLine(
    to.name === null ? `A new agent, in ${plainLine(folder)}` : `A prompt to ${oneLine(to.name)}`,
  );
  if (text === null || text.trim() === '') return exit.done;
  const words = to.name === null ? ['spawn', `--prompt=${text}`, '--no-wait'] : ['send', to.name, '--', text];
  const code = await inForeground([...programArgv(), ...words], false, { cwd: folder, env });
  if (code === exit.done || code === exit.interrupted) return exit.done;
  // The popup stays, so that the reason can be read.
  narrate(paint('dim', 'Escape closes this.', process.stderr));
  return code;
}

/** A line from the terminal; null when it was given up. */
function readLine(title: string): Promise<string | null> {
  narrate(`${paint('bold', title, process.stderr)}\n${paint('dim', 'Enter: go. Escape: leave it.', process.stderr)}\n`);
  const reader = createInterface({ input: process.stdin, output: process.stderr, prompt: '> ', escapeCodeTimeout: 50 });
  return new Promise((resolve) => {
    const end = (text: string | null) => {
      resolve(text);
      reader.close();
    };
    process.stdin.on('keypress', (_, key?: { name?: string }) => {
      if (key?.name === 'escape') end(null);
    });
    reader.once('line', end);
    reader.once('SIGINT', () => end(null));
    reader.once('close', () => end(null));
    reader.prompt();
  });
}

/** The keys as a table of two columns, and what could not be bound. */
function renderBindings({ bindings }: KeysReport): string[] {
  return bindings.flatMap(({ action, key, does, taken }) => {
    if (key === null) return [];
    if (taken !== null) return [`${paint('yellow', '▲')} prefix ${key}  not bound (tmux.${action}): taken by ${taken}`];
    return [`  prefix ${key}  ${does}`];
  });
}

/** The answer of `swarm keys install`. */
export function renderInstalled(report: KeysReport): string {
  const { file, changed, applied, bindings, status } = report;
  const taken = bindings.some((one) => one.taken !== null);
  return [
    `✓ ${changed ? 'in' : 'already in'} ${plainLine(file)}${applied ? ', and in the running tmux' : ''}`,
    ...renderBindings(report),
    ...(status ? ['  status line and windows show what the agents do, while swarm up runs'] : []),
    ...(taken ? ["→ choose other keys (keys: { tmux.popup: 'G' } in your config), or swarm keys install --force"] : []),
  ].join('\n');
}

/** The answer of `swarm keys remove`. */
export function renderRemoved({ file, changed, unbound }: KeysReport): string {
  const from = changed ? [`taken out of ${plainLine(file)}`] : [];
  const keys = unbound.length > 0 ? [`unbound in the running tmux: ${unbound.join(' ')}`] : [];
  return `✓ ${[...from, ...keys].join('; ')}`;
}
