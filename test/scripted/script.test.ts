import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultModes } from '../../src/agents/scripted/modes.ts';
import { allModes, readOptions } from '../../src/agents/scripted/options.ts';
import { builtInScript, stepsFor } from '../../src/agents/scripted/rules.ts';
import { parseScript } from '../../src/agents/scripted/script.ts';
import { runEdit } from '../../src/agents/scripted/tools.ts';
import { useWorld } from '../support/world.ts';

const parse = (text: string) => parseScript('demo.yaml', text);

describe('a script', () => {
  it('is read whole', () => {
    const script = parse(`
startup: 800ms
dialog: on after paste
clearKeys: [C-u, Escape]
start: [ say: hello ]
on:
  - prompt: '^fix (a|b)'
    do:
      - edit: { file: a.txt, text: new }
      - edit: { file: a.txt, append: "more\\n" }
      - edit: { file: a.txt, replace: { from: x, to: y } }
      - run: npm test
      - commit: Fix it
      - ask: May I?
      - question: { text: Which?, options: [1, two] }
      - wait: 1.5s
      - print_fast: 100
      - title: busy
      - error: broken
      - rate_limit: resets at noon
      - crash: SIGKILL
      - crash: 3
      - exit: 0
default:
  - hang
  - rate_limit
  - crash
  - exit
`);
    expect(script.modes).toEqual({ startup: 800, dialog: 'after-paste', clearKeys: ['C-u', 'Escape'] });
    expect(script.start).toEqual([{ do: 'say', text: 'hello' }]);
    expect(stepsFor(script, 'please fix b')).toEqual(script.default);
    expect(stepsFor(script, 'fix b')).toEqual([
      { do: 'edit', file: 'a.txt', change: { how: 'text', text: 'new' } },
      { do: 'edit', file: 'a.txt', change: { how: 'append', text: 'more\n' } },
      { do: 'edit', file: 'a.txt', change: { how: 'replace', from: 'x', to: 'y' } },
      { do: 'run', command: 'npm test' },
      { do: 'commit', message: 'Fix it' },
      { do: 'ask', question: 'May I?' },
      { do: 'question', text: 'Which?', options: ['1', 'two'] },
      { do: 'wait', ms: 1500 },
      { do: 'print_fast', lines: 100 },
      { do: 'title', text: 'busy' },
      { do: 'error', text: 'broken' },
      { do: 'rate_limit', text: 'resets at noon' },
      { do: 'crash', how: 'SIGKILL' },
      { do: 'crash', how: 3 },
      { do: 'exit', code: 0 },
    ]);
    expect(script.default).toEqual([
      { do: 'hang' },
      { do: 'rate_limit', text: 'resets in 5m' },
      { do: 'crash', how: 1 },
      { do: 'exit', code: 0 },
    ]);
  });

  it('may be empty', () => {
    expect(parse('')).toEqual(builtInScript);
    expect(parse('burst: 120ms\n')).toEqual({ ...builtInScript, modes: { burst: 120 } });
  });

  it.each([
    ['startup: soon', "demo.yaml:1: 'soon' does not fit 'startup'."],
    ['\nstartupp: 1s', "demo.yaml:2: unknown key 'startupp' in a script. Did you mean 'startup'?"],
    ['on:\n  - prompt: x\n    does: []', "demo.yaml:3: unknown key 'does' in an entry of 'on'. Did you mean 'do'?"],
    ['on:\n  - prompt: x', "demo.yaml:2: 'do' is missing."],
    ['on:\n  - prompt: (\n    do: []', "demo.yaml:2: 'prompt' is no regular expression"],
    ['default:\n  - say: x\n  - sya: x', "demo.yaml:3: unknown key 'sya' in a step. Did you mean 'say'?"],
    ['default:\n  - say: x\n    run: y', 'demo.yaml:2: a step is a mapping of one key'],
    ['default:\n  - dance', 'demo.yaml:2: a step is one of say, edit'],
    ['default: say', "demo.yaml:1: 'default' must be a list."],
    ['default:\n  - wait: long', "demo.yaml:2: 'wait' is no duration: 'long'."],
    ['default:\n  - edit: { file: x }', "demo.yaml:2: 'edit' takes one of 'text', 'append' and 'replace'."],
    ['default:\n  - crash: x', "demo.yaml:2: 'crash' must be a whole number."],
    ['default:\n  - question: { text: x, options: [] }', "demo.yaml:2: 'options' must name at least one."],
    ['- say: x', 'demo.yaml:1: a script must be a mapping'],
    ['a: [', 'demo.yaml:'],
  ])('is refused with its line: %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('the options', () => {
  it('go before the script, and the environment behind the command line', () => {
    const env = { SWARM_SCRIPTED_BURST: '120ms', SWARM_SCRIPTED_EAT_ENTER: '2', SWARM_SCRIPTED_LOG: '/log' };
    const options = readOptions(['--eat-enter=1', '--alternate', '--model', 'm', '--', '-x'], env);
    expect(options).toMatchObject({ model: 'm', log: '/log', prompt: '-x' });
    expect(allModes(options, { burst: 5, slow: 7 })).toEqual({
      ...defaultModes,
      burst: 120,
      eatEnter: 1,
      alternate: true,
      slow: 7,
    });
    expect(readOptions(['do it', '--slow', '5'], {}).modes).toEqual({ slow: 5 });
  });

  it.each([
    [['--modle', 'x'], 'unknown option --modle. Did you mean --model?'],
    [['-x'], 'A prompt that begins with a dash goes after --'],
    [['a', 'b'], 'one prompt is taken, not 2'],
    [['--model'], '--model needs a value'],
    [['--burst', 'x'], "'x' does not fit --burst"],
  ])('%j is refused', (args, message) => {
    expect(() => readOptions(args, {})).toThrow(message);
  });
});

describe('an edit', () => {
  const world = useWorld();
  let before: string;
  beforeEach(() => {
    before = process.cwd();
    process.chdir(world.repo);
  });
  afterEach(() => process.chdir(before));

  it('changes files below the folder', async () => {
    const read = () => readFileSync(join(world.repo, 'a/b/c.txt'), 'utf8');
    await runEdit('a/b/c.txt', { how: 'text', text: 'one\n' });
    await runEdit('a/b/c.txt', { how: 'append', text: 'two\n' });
    await runEdit('a/b/c.txt', { how: 'replace', from: 'one', to: '$& one' });
    expect(read()).toBe('$& one\ntwo\n');
    expect(await runEdit('a/b/c.txt', { how: 'replace', from: 'three', to: '' })).toMatchObject({ ok: false });
  });

  it('refuses any other, by a link as well', async () => {
    symlinkSync(world.dir, join(world.repo, 'out'));
    symlinkSync(world.write('../target.txt', 'mine'), join(world.repo, 'link.txt'));
    const change = { how: 'text', text: 'x' } as const;
    for (const file of ['../x', '/etc/x', '.', 'out/x', 'out/new/x', 'link.txt']) {
      await expect(runEdit(file, change), file).rejects.toThrow('is not a file below');
    }
    expect(readFileSync(join(world.dir, 'target.txt'), 'utf8')).toBe('mine');
  });
});
