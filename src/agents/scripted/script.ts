import { parseDuration } from '../../lib/duration.ts';
import { type Modes, modeNames, readMode } from './modes.ts';
import { builtInScript, type Rule, type Script } from './rules.ts';
import type { Change, Step } from './step.ts';
import { readYaml, type Value } from './yaml-reader.ts';

/** Reads a script. Refuses what it doesn't know, with file and line. */
export function parseScript(file: string, text: string): Script {
  const root = readYaml(file, text);
  if (!root) return builtInScript;
  const keys = root.keys('a script', ['start', 'on', 'default', ...modeNames]);
  const modes = [...keys].filter(([name]) => modeNames.includes(name)).map(([name, value]) => mode(name, value));
  const rest = keys.get('default');
  return {
    modes: Object.assign({}, ...modes),
    start: keys.get('start')?.list("'start'").map(step) ?? [],
    on: keys.get('on')?.list("'on'").map(rule) ?? [],
    default: rest ? rest.list("'default'").map(step) : builtInScript.default,
  };
}

function mode(name: string, value: Value): Partial<Modes> {
  const text = value.isText()
    ? value.text(`'${name}'`)
    : value
        .list(`'${name}'`)
        .map((one) => one.text(`'${name}'`))
        .join(' ');
  const read = readMode(name, text);
  if (!read) throw value.refuse(`'${text}' does not fit '${name}'.`);
  return read;
}

function rule(value: Value): Rule {
  const keys = value.keys("an entry of 'on'", ['prompt', 'do']);
  const pattern = need(value, keys, 'prompt');
  try {
    return { prompt: new RegExp(pattern.text("'prompt'"), 'u'), do: need(value, keys, 'do').list("'do'").map(step) };
  } catch (error) {
    if (error instanceof SyntaxError) throw pattern.refuse(`'prompt' is no regular expression: ${error.message}.`);
    throw error;
  }
}

function need(parent: Value, keys: ReadonlyMap<string, Value>, name: string): Value {
  const value = keys.get(name);
  if (!value) throw parent.refuse(`'${name}' is missing.`);
  return value;
}

type StepReader = (value: Value) => Step;

const STEPS: Readonly<Record<Step['do'], StepReader>> = {
  say: (value) => ({ do: 'say', text: value.text("'say'") }),
  edit,
  run: (value) => ({ do: 'run', command: value.text("'run'") }),
  commit: (value) => ({ do: 'commit', message: value.text("'commit'") }),
  ask: (value) => ({ do: 'ask', question: value.text("'ask'") }),
  question: (value) => {
    if (value.isText()) return { do: 'question', text: value.text("'question'"), options: ['Yes', 'No'] };
    const keys = value.keys("'question'", ['text', 'options']);
    const options = need(value, keys, 'options').list("'options'");
    if (options.length === 0) throw value.refuse("'options' must name at least one.");
    return {
      do: 'question',
      text: need(value, keys, 'text').text("'text'"),
      options: options.map((one) => one.text('an option')),
    };
  },
  wait: (value) => {
    const ms = parseDuration(value.text("'wait'"));
    if (ms === null) throw value.refuse(`'wait' is no duration: '${value.text("'wait'")}'. Expected 500ms, 2s or 1m.`);
    return { do: 'wait', ms };
  },
  crash: (value) => {
    const how = value.text("'crash'");
    if (/^SIG[A-Z0-9]+$/.test(how)) return { do: 'crash', how: how as NodeJS.Signals };
    return { do: 'crash', how: how === '' || how === 'crash' ? 1 : value.number("'crash'") };
  },
  hang: () => ({ do: 'hang' }),
  error: (value) => ({ do: 'error', text: value.text("'error'") }),
  rate_limit: (value) => {
    const text = value.text("'rate_limit'");
    return { do: 'rate_limit', text: ['', 'rate_limit', 'true'].includes(text) ? 'resets in 5m' : text };
  },
  exit: (value) => ({ do: 'exit', code: value.text("'exit'") === 'exit' ? 0 : value.number("'exit'") }),
  print_fast: (value) => ({ do: 'print_fast', lines: value.number("'print_fast'") }),
  title: (value) => ({ do: 'title', text: value.text("'title'") }),
};

const STEP_NAMES = Object.keys(STEPS) as Step['do'][];
/** Steps that say enough by their name. */
const BARE: readonly string[] = ['hang', 'rate_limit', 'exit', 'crash'];

/** `say: text` as a mapping of one key, or `hang` alone. */
function step(value: Value): Step {
  if (!value.isMap()) {
    const name = value.text('a step');
    if (!BARE.includes(name))
      throw value.refuse(`a step is one of ${STEP_NAMES.join(', ')}, and its value; not '${name}'.`);
    return STEPS[name as Step['do']](value);
  }
  const [only, ...more] = value.keys('a step', STEP_NAMES);
  if (!only || more.length > 0) throw value.refuse('a step is a mapping of one key; begin each with a dash.');
  return STEPS[only[0] as Step['do']](only[1]);
}

function edit(value: Value): Step {
  const keys = value.keys("'edit'", ['file', 'text', 'append', 'replace']);
  const file = need(value, keys, 'file').text("'file'");
  const changes: Change[] = [];
  for (const how of ['text', 'append'] as const) {
    const text = keys.get(how);
    if (text) changes.push({ how, text: text.text(`'${how}'`) });
  }
  const replace = keys.get('replace');
  if (replace) {
    const parts = replace.keys("'replace'", ['from', 'to']);
    const [from, to] = [need(replace, parts, 'from'), need(replace, parts, 'to')];
    changes.push({ how: 'replace', from: from.text("'from'"), to: to.text("'to'") });
  }
  const [change, ...more] = changes;
  if (!change || more.length > 0) throw value.refuse("'edit' takes one of 'text', 'append' and 'replace'.");
  return { do: 'edit', file, change };
}
