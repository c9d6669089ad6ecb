import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/cli/manifest.ts';
import { entry, nodeFolder, start } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

interface ErrorAnswer {
  schema: number;
  error: { code: string; message: string; hint: string | null; details: Record<string, unknown> };
}

describe('help', () => {
  const world = useWorld();

  it('lists every visible command once, in groups, for swarm alone, --help, -h and help', async () => {
    const bare = await world.swarm([]);
    expect(bare).toMatchObject({ exitCode: 0, stderr: '' });
    expect(bare.stdout).toMatch(/^A terminal session manager/);
    for (const words of [['--help'], ['-h'], ['help'], ['-C', world.dir, 'help']]) {
      expect((await world.swarm(words)).stdout).toBe(bare.stdout);
    }
    for (const { id, hidden } of readManifest().values()) {
      const lines = bare.stdout.split('\n').filter((line) => line.startsWith(`  ${id.split(':')[0]} `));
      expect(lines, id).toHaveLength(hidden ? 0 : 1);
    }
  });

  it('shows how a command is typed, with examples', async () => {
    const asked = await world.swarm(['help', 'completion']);
    expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
    expect(asked.stdout).toContain('Usage\n  swarm completion SHELL\n');
    expect(asked.stdout).toMatch(/\nExamples\n {2}\S/);
    expect((await world.swarm(['completion', '--help'])).stdout).toBe(asked.stdout);
    expect((await world.swarm(['completion', 'bash', '-h'])).stdout).toBe(asked.stdout);
  });

  it('has an example in every command', () => {
    const without = [...readManifest().values()].filter(({ hidden, examples }) => !hidden && !examples?.length);
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  it('is one JSON document with --json', async () => {
    const all = (await world.swarm(['--help', '--json'])).jsonAs<{ schema: number; commands: { name: string }[] }>();
    expect(all.schema).toBe(1);
    expect(all.commands.map(({ name }) => name)).toContain('completion');
    const one = await world.swarm(['completion', '--help', '--json']);
    expect(one.jsonAs<{ command: { id: string } }>().command.id).toBe('completion');
  });
});

describe('wrong usage', () => {
  const world = useWorld();

  it.each([
    [['compltion', 'bash'], "There is no command 'compltion'.", 'Did you mean: swarm completion bash'],
    [['frobnicate'], "There is no command 'frobnicate'.", 'swarm --help'],
    [['config', 'shwo'], "There is no command 'config shwo'.", 'Did you mean: swarm config show'],
    [['msg', 'inbox'], "There is no command 'msg inbox'.", 'swarm msg --help'],
    [['help', 'doctr'], "There is no command 'doctr'.", 'Did you mean: swarm doctor'],
    [['../../etc'], "There is no command '../../etc'.", 'swarm --help'],
    [['completion'], 'Missing: SHELL (bash, zsh or fish).', 'swarm completion SHELL'],
    [['completion', 'bash', 'zsh'], "Too many words: 'zsh'.", 'swarm completion SHELL'],
    [['completion', 'csh'], 'Expected csh to be one of: bash, zsh, fish.', 'swarm completion --help'],
    [['doctor', '--jsno'], "swarm doctor has no flag '--jsno'.", 'Did you mean --json? All flags: swarm doctor --help'],
    [['doctor', '-x'], "swarm doctor has no flag '-x'.", 'swarm doctor --help'],
    [['doctor', '-C'], '--cd expects a value.', 'swarm doctor --help'],
    [['doctor', '-C', '/nowhere'], '-C names no folder: /nowhere', 'Leave -C out to run in the current folder.'],
    [
      ['-x', 'doctor'],
      "'-x' can't stand before the command. Only --json, -C DIR, --help and --version can.",
      'swarm --help',
    ],
  ])('%j is refused in words', async (words, message, hint) => {
    const plain = await world.swarm(words);
    expect(plain).toMatchObject({ exitCode: 2, stdout: '', stderr: `✗ ${message}\n→ ${hint}\n` });
    const json = await world.swarm(['--json', ...words]);
    expect(json).toMatchObject({ exitCode: 2, stderr: '' });
    const { schema, error } = json.jsonAs<ErrorAnswer>();
    expect({ schema, message: error.message, hint: error.hint }).toEqual({
      schema: 1,
      message,
      hint,
    });
  });

  it('keeps what the user typed in the suggestion, ready to copy', async () => {
    const { stderr } = await world.swarm(['doctr', '-C', "it's here"]);
    expect(stderr).toContain("Did you mean: swarm doctor -C 'it'\\''s here'\n");
  });
});

describe('what every command shares', () => {
  const world = useWorld();

  it('takes -C and --json before the command too', async () => {
    mkdirSync(join(world.dir, 'elsewhere'));
    const { stdout } = await world.swarm(['-C', 'elsewhere', '--json', 'doctor'], { cwd: world.dir });
    expect(JSON.parse(stdout)).toHaveProperty('schema', 1);
  });

  it.each([
    ['before', ['-C', 'REPO', '--json', 'config', 'get', 'agent']],
    ['between', ['config', '--json', '-C', 'REPO', 'get', 'agent']],
    ['behind', ['config', 'get', 'agent', '--json', '-C', 'REPO']],
  ])('takes them %s the words of a command of two', async (_, words) => {
    const line = words.map((word) => (word === 'REPO' ? world.repo : word));
    const { exitCode, stdout } = await world.swarm(line, { cwd: '/' });
    expect({ exitCode, document: JSON.parse(stdout) }).toMatchObject({ exitCode: 0, document: { value: 'claude' } });
  });

  it('leaves standard input to the script around it', async () => {
    const { exitCode, stderr } = await world.swarm(['completion'], { input: 'bash\n' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Missing: SHELL');
  });

  it('colours only for a terminal, and on request', async () => {
    expect((await world.swarm(['nope'])).stderr).not.toContain('\u001b');
    expect((await world.swarm(['nope'], { env: { FORCE_COLOR: '1' } })).stderr).toContain('\u001b[31m✗');
    expect((await world.swarm(['nope'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stderr).not.toContain('\u001b');
  });

  it('is done, without a word, when its reader has enough', async () => {
    const script = '"$1" "$2" help; echo "$?" >&2';
    const piped = `{ ${script}; } | true`;
    const shell = start(['/bin/sh', '-c', piped, 'sh', join(nodeFolder, 'node'), entry], {
      cwd: world.dir,
      env: world.env,
    });
    expect((await shell.result).stderr).toBe('0\n');
  });
});
