// The scripted agent: behaves like a real agent CLI on the screen, and does what a script says.
import { readFileSync } from 'node:fs';
import { exit, UserError } from '../../lib/errors.ts';
import { startAgent } from './agent.ts';
import { openConversation } from './conversation.ts';
import { openDisplay } from './display.ts';
import { openKeyboard } from './keyboard.ts';
import { allModes, type Options, readOptions, USAGE } from './options.ts';
import { openReporter } from './reporter.ts';
import { builtInScript, type Script } from './rules.ts';
import { openScreen } from './screen.ts';

/** Milliseconds that the last reports get before the program ends. */
const LAST_WORDS = 2000;
/** 128 and the signal's number, as a shell reports it. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const script = await loadScript(options.script);
  const modes = allModes(options, script.modes);
  if (options.prompt !== null && !modes.argument) throw usage('no prompt is taken as an argument here.');
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw usage('the scripted agent needs a terminal.');
  run(options, script, modes);
}

function run(options: Options, script: Script, modes: ReturnType<typeof allModes>): void {
  const { stdin, stdout } = process;
  const conversation = openConversation(options, process.env);
  const reporter = openReporter(process.env, modes.hooks, {
    sessionId: conversation.id,
    transcript: conversation.file,
  });
  const model = options.model ?? 'no model';
  const screen = openScreen(stdout.fd, modes.alternate);
  const display = openDisplay(
    screen,
    () => stdout,
    [' ✻ scripted agent', `   ${model} · ${process.cwd()}`],
    `scripted · ${model} · session ${conversation.id.slice(0, 8)}`,
  );
  let leaving = false;
  const leave = async (how: number | NodeJS.Signals, crash: boolean) => {
    if (leaving) return;
    leaving = true;
    keyboard.stop();
    display.close();
    if (!crash) {
      reporter.report('SessionEnd', { reason: 'prompt_input_exit' });
      await reporter.settled(LAST_WORDS);
    }
    if (typeof how === 'number') process.exit(how);
    process.kill(process.pid, how);
  };
  const agent = startAgent({
    modes,
    script,
    conversation,
    reporter,
    display,
    prompt: options.prompt,
    log: options.log,
    now: () => performance.now(),
    deafen: () => keyboard.stop(),
    leave: (how, crash) => void leave(how, crash),
  });
  const keyboard = openKeyboard(
    stdin,
    modes.slow,
    (input) => agent.dispatch({ type: 'input', input, at: performance.now() }),
    () => void leave(SIGNALS.SIGHUP, false),
  );
  stdout.on('resize', () => display.resized());
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => void leave(code, false));
  reporter.report('SessionStart', { source: options.resume === null ? 'startup' : 'resume', model: options.model });
  setTimeout(() => agent.dispatch({ type: 'started' }), modes.startup);
}

/** The YAML library loads only where there is a script. */
async function loadScript(file: string | null): Promise<Script> {
  if (file === null) return builtInScript;
  const { parseScript } = await import('./script.ts');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw usage(`the script ${file} can't be read.`);
  }
  return parseScript(file, text);
}

function usage(message: string): UserError {
  return new UserError({ code: 'BAD_USAGE', exit: exit.usage, message, hint: 'scripted --help' });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`scripted: ${error.message}\n`);
  process.exitCode = error.exit;
}
