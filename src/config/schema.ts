import * as z from 'zod/mini';
import { parseDuration } from '../lib/duration.ts';
import { templateVariables } from '../lib/template.ts';
import { APPROVAL, isRule, mayAllow } from './approvals.ts';
import { isTmuxKey, NO_KEY, TMUX_KEYS, TMUX_PREFIX } from './tmux-keys.ts';

/*
 * swarm.yaml, as it may be written: the one source of its keys, of what they take, and of its JSON Schema.
 * Each message completes "expected …". A list, a map or a section may be left empty: that says nothing.
 */

const text = (what = 'a text') => z.string(what).check(z.minLength(1, what));
const list = <T extends z.ZodMiniType>(item: T, what: string) => z.nullish(z.array(item, what));
const choice = <const T extends readonly string[]>(values: T) => z.enum(values, `one of ${values.join(', ')}`);
const whole = (from: number, to: number) => {
  const what = `a whole number from ${from} to ${to}`;
  return z.int(what).check(z.minimum(from, what), z.maximum(to, what));
};
const section = <T extends Readonly<Record<string, z.ZodMiniType>>>(shape: T, about: string) =>
  z.nullish(z.strictObject(shape, 'a section with keys below it').check(z.describe(about)));

const DURATION = 'a duration: a number and its unit, as 500ms, 60s, 5m or 2h';
const duration = z.string(DURATION).check(
  z.regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, DURATION),
  z.refine((value) => (parseDuration(value) ?? 0) > 0, `${DURATION}; more than 0, and at most 36500d`),
);

const COMMANDS = 'a list of command lines, each a text';
const commands = list(text('a command line'), COMMANDS);
const INSIDE = "a path or pattern inside the repository: not absolute, without '..'";
const inside = text(INSIDE).check(
  z.refine((path) => !/^(?:[/~\\]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..'), INSIDE),
);
const paths = list(inside, 'a list of paths and patterns');

/** A text that may name what is known where it is used. */
const template = (...names: readonly string[]) => {
  const what = `a text whose variables are of ${names.map((name) => `{{${name}}}`).join(', ')}`;
  return text(what).check(z.refine((value) => templateVariables(value).every((name) => names.includes(name)), what));
};
// tmux expands formats in the names it is given, and #() in a format runs a command.
const TMUX_NAME = 'a text without tmux formats: no #( #{ #[';
const tmuxName = (...names: readonly string[]) =>
  template(...names).check(z.refine((value) => !/#[([{]/.test(value), TMUX_NAME));

const RANGE = 'a range of ports as 3000-3999, from 1 to 65535';
const range = z.string(RANGE).check(
  z.regex(/^\d+\s*-\s*\d+$/, RANGE),
  z.refine((value) => {
    const [from = 0, to = 0] = value.split('-').map(Number);
    return from >= 1 && from <= to && to <= 65_535;
  }, RANGE),
);
// Any other name may mean something to the programs that get it: HOME=3000 would have them read the repository's files
// as the user's settings.
const VARIABLE_NAME = 'the name of an environment variable with PORT in it, not SWARM_*';
const portName = z.string(VARIABLE_NAME).check(
  z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, VARIABLE_NAME),
  z.refine((name) => /PORT/i.test(name) && !name.startsWith('SWARM_'), VARIABLE_NAME),
);

const PATTERN = 'a regular expression';
const pattern = text(PATTERN).check(z.refine(isPattern, PATTERN));
const PLACES = ['prompt', 'prompt_file', 'session', 'model'];
const ARGUMENT = `an argument; a variable is a whole argument and one of ${PLACES.map((name) => `{{${name}}}`).join(', ')}`;
const argument = z.string(ARGUMENT).check(z.refine(isArgument, ARGUMENT));
const ARGV = 'a command as a list of its words, the program first';
const argv = z.array(argument, ARGV).check(
  z.minLength(1, ARGV),
  z.refine((words) => words[0] !== '' && !words[0]?.includes('{{'), ARGV),
);

// Pressed without a question, so nothing that types, submits or brings an earlier line back.
const KEY = 'a key that only edits, as tmux names it: C-u, C-k, C-c, M-BSpace, Escape, BSpace, DC, Home, End';
const editingKey = z
  .string(KEY)
  .check(z.regex(/^(?:C-[abcefghklquw]|M-(?:BSpace|[bdfk])|Escape|BSpace|DC|Home|End|Left|Right)$/, KEY));

const agentCli = z.strictObject(
  {
    command: z.nullish(
      argv.check(z.describe('Its argv; {{prompt}}, {{prompt_file}}, {{session}}, {{model}} are whole arguments.')),
    ),
    args: list(argument, 'a list of arguments'),
    env: z.nullish(
      z.record(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)), z.string('a text'), 'variables and their values'),
    ),
    prompt: z.nullish(choice(['paste', 'argument', 'file'])),
    paste: z.nullish(choice(['bracketed', 'line'])),
    ready: z.nullish(pattern),
    input: z.nullish(pattern),
    busy: z.nullish(pattern),
    waiting: z.nullish(pattern),
    clear: list(editingKey, 'a list of keys'),
    resume: z.nullish(argv),
  },
  'a section with keys below it',
);

const ACTION = `the name of an action; of tmux: ${Object.keys(TMUX_KEYS)
  .map((name) => `${TMUX_PREFIX}${name}`)
  .join(', ')}`;
const TMUX_KEY = `keys of tmux.* as tmux names them (S, C-s, M-Up, F5), or ${NO_KEY}`;

const pane = z.strictObject(
  {
    command: text('a command line'),
    size: z.nullish(z.union([z.string().check(z.regex(/^\d+%?$/)), z.int()], "a size: '50%' or a number of lines")),
  },
  "a pane: {command: nvim, size: '50%'}",
);

const ALLOWED = `${APPROVAL}; a command or tool begins with its name, a path stays inside, an address has its host and a /`;
const denied = text(APPROVAL).check(z.refine(isRule, APPROVAL));
const allowed = text(APPROVAL).check(z.refine(isRule, APPROVAL), z.refine(mayAllow, ALLOWED));

const STORE = 'a PostgreSQL URL, postgres://…';

/** One layer of the config: any of the keys. */
export const layerSchema = z.strictObject(
  {
    version: z.optional(z.literal(1, '1, the only version there is')),
    agent: z.optional(text('the name of an agent CLI').check(z.describe('The default agent CLI.'))),
    agents: z.nullish(
      z
        .record(
          z.string().check(z.regex(/^[A-Za-z0-9][\w.-]*$/, 'a name of letters, digits and . _ -')),
          z.nullish(agentCli),
          'agent CLIs by name',
        )
        .check(z.describe('Other agent CLIs, or changes to known ones.')),
    ),
    worktrees: section(
      {
        dir: z.optional(template('repo')),
        branch: z.optional(template('ticket', 'agent')),
        base: z.nullish(text('a branch')),
        guard: z.optional(z.boolean('true or false')),
      },
      'Where worktrees are, and how branches are named.',
    ),
    files: section({ copy: paths, exclude: paths, link: paths }, 'What a new worktree gets from the main one.'),
    hooks: section(
      {
        post_create: commands,
        pre_remove: commands,
        post_remove: commands,
        post_merge: commands,
        on_waiting: commands,
        on_idle: commands,
        on_done: commands,
        on_failed: commands,
        timeout: z.optional(duration),
      },
      'Command lines that run at moments of an agent’s life.',
    ),
    ports: section({ range: z.optional(range), names: list(portName, 'a list of names') }, 'Ports of dev servers.'),
    dev: section({ command: z.nullish(text('a command line')) }, 'The dev server.'),
    tickets: section({ command: z.nullish(text('a command line')) }, 'Where the text of a ticket comes from.'),
    tmux: section(
      {
        session: z.nullish(tmuxName('repo')),
        window: z.optional(tmuxName('repo', 'agent', 'ticket', 'cli', 'branch')),
        panes: list(pane, 'a list of panes'),
      },
      'The tmux session and its windows.',
    ),
    dialogs: section(
      { trust: z.optional(choice(['ask', 'accept'])) },
      'The agent CLI’s own trust and onboarding questions.',
    ),
    approvals: section(
      { allow: list(allowed, 'a list of approvals'), deny: list(denied, 'a list of approvals') },
      'What is approved without a person; deny wins.',
    ),
    notify: section(
      { bell: z.optional(z.boolean('true or false')), desktop: z.optional(z.boolean('true or false')) },
      'How you are told.',
    ),
    keys: z.nullish(
      z
        .record(
          z.string().check(z.regex(/^[a-z][a-z0-9_-]*$|^tmux\./, ACTION), z.refine(isAction, ACTION)),
          text('a key'),
          'keys by action',
        )
        .check(
          z.describe('Keys by action: those of swarm tui, and as tmux.ACTION those after the prefix of tmux.'),
          z.refine((keys) => Object.entries(keys).every(([name, key]) => isKeyOf(name, key)), TMUX_KEY),
        ),
    ),
    limits: section(
      { agents: z.optional(whole(1, 50)), idle_timeout: z.optional(duration), task_timeout: z.optional(duration) },
      'How many, and for how long.',
    ),
    supervisor: section(
      {
        heartbeat: z.optional(duration),
        restarts: z.optional(whole(0, 1000)),
        within: z.optional(duration),
        mirror: z.nullish(inside),
      },
      'The process that keeps wishes and reality the same.',
    ),
    merge: section(
      {
        into: z.nullish(text('a branch')),
        strategy: z.optional(choice(['squash', 'merge', 'rebase', 'ff'])),
        gate: z.nullish(text('a command line')),
        message: z.nullish(text()),
        checkpoint: z.nullish(text('a command line')),
      },
      'How work comes back.',
    ),
    budget: section({ default: z.nullish(whole(1, 1e12)) }, 'Tokens.'),
    store: z.nullish(z.string(STORE).check(z.regex(/^postgres(ql)?:\/\/./, STORE))),
  },
  'keys and values',
);

/** Keys of an entry of `agents`, and of one of `tmux.panes`: for "did you mean". */
export const agentKeys: readonly string[] = Object.keys(agentCli.shape);
export const paneKeys: readonly string[] = Object.keys(pane.shape);

export type RawLayer = z.infer<typeof layerSchema>;

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

function isArgument(word: string): boolean {
  const names = templateVariables(word);
  return names.length === 0 || (names.length === 1 && PLACES.includes(names[0] ?? '') && /^\{\{[^{}]*\}\}$/.test(word));
}

function isAction(name: string): boolean {
  return !name.startsWith(TMUX_PREFIX) || Object.hasOwn(TMUX_KEYS, name.slice(TMUX_PREFIX.length));
}

function isKeyOf(name: string, key: string): boolean {
  return !name.startsWith(TMUX_PREFIX) || key === NO_KEY || isTmuxKey(key);
}
