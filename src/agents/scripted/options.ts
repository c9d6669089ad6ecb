import { exit, UserError } from '../../lib/errors.ts';
import { nearest, shellWord } from '../../lib/text.ts';
import { defaultModes, type Modes, modeFromWords, modeNames, readMode } from './modes.ts';

export interface Options {
  readonly script: string | null;
  readonly resume: string | null;
  readonly sessionId: string | null;
  readonly model: string | null;
  /** File that every prompt received is appended to. */
  readonly log: string | null;
  readonly prompt: string | null;
  readonly help: boolean;
  /** From the environment and the options; they go before the script's. */
  readonly modes: Partial<Modes>;
}

export const USAGE = `scripted: an agent CLI that does what a script says, for demos and tests.

  scripted [--script FILE] [--resume ID | --session-id ID] [--model NAME] [--log FILE] [--MODE VALUE]... [--] [PROMPT]

Modes (also in the script, and as SWARM_SCRIPTED_MODE in the environment):
  --startup 800ms  --early lost|kept  --burst 120ms  --slow MS_PER_KB  --dialog start|after-paste|TURN
  --trust  --eat-enter N  --clear-keys C-u,C-c,Escape  --ignore-paste  --commands  --restore
  --alternate  --argument false  --hooks false
`;

const VALUES = ['script', 'resume', 'session-id', 'model', 'log'] as const;
/** Modes that are on when only named. */
const SWITCHES = ['trust', 'ignorePaste', 'commands', 'restore', 'alternate'];

/** Reads the command line and the environment. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const values: Partial<Record<(typeof VALUES)[number], string>> = {};
  const words: string[] = [];
  let modes = environmentModes(env);
  let help = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      words.push(...args.slice(i + 1));
      break;
    }
    const option = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(arg);
    if (!option && (!arg.startsWith('-') || arg === '-' || words.length > 0)) {
      words.push(arg);
      continue;
    }
    const name = option?.[1] ?? arg;
    if (name === 'help') {
      help = true;
      continue;
    }
    const value = () => option?.[2] ?? args[++i] ?? refuse(`${arg} needs a value.`);
    const known = VALUES.find((one) => one === name);
    if (known) values[known] = value();
    else if (modeNames.includes(modeFromWords(name))) {
      const isSwitch = SWITCHES.includes(modeFromWords(name)) && option?.[2] === undefined;
      modes = { ...modes, ...modeOf(modeFromWords(name), isSwitch ? 'true' : value(), arg) };
    } else refuse(unknownOption(arg, name));
  }
  if (words.length > 1) refuse(`one prompt is taken, not ${words.length}: quote it.`);
  return {
    script: values.script ?? env['SWARM_SCRIPTED_SCRIPT'] ?? null,
    resume: values.resume ?? null,
    sessionId: values['session-id'] ?? null,
    model: values.model ?? null,
    log: values.log ?? (env['SWARM_SCRIPTED_LOG'] || null),
    prompt: words[0] ?? null,
    help,
    modes,
  };
}

/** All modes: the options' before the script's before the usual ones. */
export function allModes(options: Options, script: Partial<Modes>): Modes {
  return { ...defaultModes, ...script, ...options.modes };
}

function environmentModes(env: NodeJS.ProcessEnv): Partial<Modes> {
  const modes = modeNames.map((name) => {
    const variable = `SWARM_SCRIPTED_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    const value = env[variable];
    return value === undefined ? {} : modeOf(name, value, variable);
  });
  return Object.assign({}, ...modes);
}

function modeOf(name: string, value: string, where: string): Partial<Modes> {
  return readMode(name, value) ?? refuse(`'${value}' does not fit ${where}.`);
}

function unknownOption(arg: string, name: string): string {
  const near = nearest(name, [...VALUES, ...modeNames], 1)[0];
  const hint = near ? ` Did you mean --${near}?` : '';
  return `unknown option ${shellWord(arg)}.${hint} A prompt that begins with a dash goes after --.`;
}

function refuse(message: string): never {
  throw new UserError({ code: 'BAD_USAGE', exit: exit.usage, message, hint: 'scripted --help' });
}
