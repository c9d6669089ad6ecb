import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSpool } from '../../src/agents/events.ts';
import { startOf } from '../../src/process/identity.ts';
import { root } from '../support/program.ts';
import { waitFor } from '../support/wait.ts';
import { useWorld } from '../support/world.ts';
import { openPane } from './support.ts';

const world = useWorld();

const WORK = `
on:
  - prompt: edit
    do:
      - say: I will do it.
      - edit: { file: src/new.txt, text: "x\\n" }
      - run: cat src/new.txt; echo "port $PORT"
      - commit: 'Add: a file'
      - say: All done.
  - prompt: ask
    do: [ ask: Delete everything, say: Deleted. ]
  - prompt: choose
    do: [ question: { text: Which colour?, options: [red, green] } ]
  - prompt: slow
    do: [ wait: 20s, say: never ]
  - prompt: fail
    do: [ error: 529 overloaded, say: never ]
  - prompt: limit
    do: [ rate_limit ]
  - prompt: crash
    do: [ crash: 3 ]
  - prompt: kill
    do: [ crash: SIGKILL ]
  - prompt: hang
    do: [ hang ]
  - prompt: leave
    do: [ exit ]
  - prompt: print
    do: [ print_fast: 5000, title: renamed ]
`;

describe('on the screen, the scripted agent', () => {
  it('has a box, works, and shows what it did', async () => {
    const pane = await openPane(world, ['--model', 'tiny'], { script: WORK, env: { PORT: '3007' } });
    await pane.until('ready', 'tiny');
    expect(await pane.look()).toMatchObject({ rule: 'box', input: { draft: '' } });
    expect(await pane.screen()).toMatch(/─{70,}\n❯ Type your prompt\n─{70,}\n/);
    expect(await pane.title()).toBe('✳ scripted');
    await pane.paste('edit the\nfile');
    await pane.until('ready', '❯ edit the\n  file');
    expect((await pane.look()).input.draft).toBe('edit the\nfile');
    await pane.keys('Enter');
    await pane.until('ready', '● All done.');
    expect(await pane.screen()).toContain('● Bash(cat src/new.txt; echo "port $PORT")\n  ⎿  x\n     port 3007\n');
    expect(await world.git(['log', '-1', '--format=%s', '--name-only'])).toBe('Add: a file\n\nsrc/new.txt\n');
  });

  it('shows what was typed, and empties the box', async () => {
    const pane = await openPane(world);
    await pane.until('ready');
    await pane.keys('-l', 'one');
    await pane.keys('\\', 'Enter');
    await pane.until('ready', '❯ one\n');
    await pane.keys('-l', 'two');
    await pane.until('ready', '❯ one\n  two\n');
    await pane.keys('BSpace');
    await pane.until('ready', '❯ one\n  tw\n');
    await pane.paste(Array.from({ length: 31 }, (_, i) => `line ${i}`).join('\n'));
    await pane.until('ready', '  tw[Pasted text #1 +31 lines]');
    expect((await pane.look()).input.draft).toContain('[Pasted text #1 +31 lines]');
    await pane.keys('C-u');
    await pane.until('ready', '❯ Type your prompt');
    expect(pane.log()).toEqual([]);
  });

  it('queues prompts while it works, and is interrupted by Esc', async () => {
    const pane = await openPane(world, ['slow please'], { script: WORK });
    await pane.until('busy', 'esc to interrupt');
    expect(await pane.title()).toBe('⠐ scripted');
    await pane.paste('something else');
    await pane.keys('Enter');
    await pane.until('busy', '⎿  Queued · something else');
    expect((await pane.look()).queued).toBe(true);
    await pane.keys('Escape');
    await pane.until('ready', '● Done: something else');
    expect(await pane.screen()).toContain('⎿  Interrupted');
    expect(await pane.screen()).not.toContain('never');
    expect(pane.log()).toMatchObject([
      { prompt: 'slow please', source: 'argument', queued: false },
      { prompt: 'something else', source: 'pasted', queued: true },
    ]);
  });

  it('asks for permission, and eats what is typed meanwhile', async () => {
    const pane = await openPane(world, ['ask me'], { script: WORK });
    await pane.until('waiting', 'Delete everything');
    expect((await pane.look()).waiting).toMatchObject({
      kind: 'approve',
      text: 'Do you want to proceed?',
      options: [
        { key: '1', label: 'Yes', selected: true },
        { key: '2', label: 'No', selected: false },
      ],
    });
    expect(await pane.title()).toBe('[ ! ] scripted');
    await pane.paste('my prompt');
    await pane.keys('-l', 'typed');
    await pane.keys('Enter');
    await pane.until('ready', '● Deleted.');
    expect(pane.log().slice(1)).toMatchObject([
      { swallowed: 'my prompt', why: 'dialog' },
      { swallowed: 'typed', why: 'dialog' },
      { answer: 'Yes' },
    ]);
    await pane.paste('ask again');
    await pane.keys('Enter');
    await pane.until('waiting', 'Delete everything');
    await pane.keys('2');
    await pane.until('ready', 'Not allowed');
    await pane.paste('choose');
    await pane.keys('Enter');
    await pane.until('waiting', 'Which colour?');
    expect((await pane.look()).waiting?.kind).toBe('question');
    await pane.keys('Down', 'Enter');
    await pane.until('ready', 'Which colour? → green');
  });

  it('asks about trust, with No chosen beforehand', async () => {
    const [one, two] = [
      await openPane(world, ['--trust', 'go']),
      await openPane(world, ['--trust', '--alternate', 'go']),
    ];
    await one.until('waiting', 'Do you trust the files in this folder?');
    expect((await one.look()).waiting).toMatchObject({
      kind: 'trust',
      options: [{ selected: false }, { selected: true }],
    });
    await one.keys('Enter');
    expect(await one.ended()).toBe('1');
    await two.until('waiting');
    await two.keys('1');
    await two.until('ready', '● Done: go');
    expect(await two.format('#{alternate_on}')).toBe('1');
  });

  it('shows errors, and ends or hangs as it is told', async () => {
    const pane = await openPane(world, ['fail'], { script: WORK });
    await pane.until('error', '● API Error: 529 overloaded');
    await pane.paste('limit');
    await pane.keys('Enter');
    await pane.until('error', 'limit reached');
    await pane.paste('crash');
    await pane.keys('Enter');
    expect(await pane.ended()).toBe('3');
    expect(await (await openPane(world, ['kill'], { script: WORK })).ended()).toMatch(/^(?:9|137)$/);
    expect(await (await openPane(world, ['leave'], { script: WORK })).ended()).toBe('0');
    const hung = await openPane(world, ['hang'], { script: WORK });
    await hung.until('busy');
    const before = await hung.screen();
    await hung.paste('hello?');
    await hung.keys('Enter', 'Escape', 'C-c', 'C-c');
    const pid = Number(await hung.format('#{pane_pid}'));
    process.kill(pid, 'SIGTERM');
    expect(await hung.ended()).toBe('143');
    expect(hung.prompts()).toEqual(['hang']);
    expect(before).toContain('Working…');
  });

  it('leaves by two C-c or C-d', async () => {
    const pane = await openPane(world);
    await pane.until('ready');
    await pane.keys('C-c');
    await pane.until('ready', 'Press Ctrl-C again to exit');
    await pane.keys('C-c');
    expect(await pane.ended()).toBe('0');
    const other = await openPane(world);
    await other.until('ready');
    await other.keys('C-d');
    expect(await other.ended()).toBe('0');
  });

  it('prints fast into the scrollback and survives a change of size', async () => {
    const pane = await openPane(world, ['print'], { script: WORK });
    await pane.until('ready', 'line 5000\n');
    expect(await pane.title()).toBe('✳ renamed');
    await pane.paste('wide 日本語 😀 '.repeat(20));
    for (const [columns, rows] of [
      [40, 12],
      [12, 6],
      [120, 40],
      [80, 24],
    ]) {
      await world.tmux(['resize-window', '-t', 'test:1', '-x', String(columns), '-y', String(rows)]);
      await world.tmux(['resize-window', '-t', 'test:0', '-x', String(columns), '-y', String(rows)]);
      await waitFor(async (see) => {
        const screen = see(await pane.screen());
        const rules = screen.split('\n').filter((line) => /^─+$/.test(line));
        const fits = rules.length === 2 && rules.every((line) => line.length === (columns ?? 0) - 1);
        return (fits && /[日本語]/.test(screen)) || null;
      }, `a box of ${columns} columns`);
    }
    await pane.keys('Enter');
    await pane.until('ready', '● Done: wide');
  });

  it('brings a conversation back', async () => {
    const id = '0b8f6f3e-1111-4222-8333-444455556666';
    const first = await openPane(world, ['--session-id', id, 'remember this']);
    await first.until('ready', '● Done: remember this');
    const again = await openPane(world, ['--session-id', id]);
    expect(await again.ended()).toBe('1');
    expect(await again.everything()).toContain('already in use');
    const resumed = await openPane(world, ['--resume', id]);
    await resumed.until('ready', '❯ remember this\n\n● Done: remember this');
    expect(resumed.prompts()).toEqual([]);
    const unknown = await openPane(world, ['--resume', 'nothing']);
    expect(await unknown.ended()).toBe('1');
    expect(await unknown.everything()).toContain('No conversation found with session id nothing');
  });

  it('reports through the hook', async () => {
    const spool = join(world.dir, 'spool');
    world.write(join(spool, '.keep'), '');
    const env = { SWARM_HOOK: join(root, 'hooks', 'report'), SWARM_SPOOL: spool };
    const pane = await openPane(world, ['--session-id', 'abc', 'edit it'], { script: WORK, env });
    await pane.until('ready', 'All done.');
    await pane.paste('ask');
    await pane.keys('Enter');
    await pane.until('waiting');
    await pane.keys('Escape');
    await pane.until('ready');
    await pane.keys('C-d');
    expect(await pane.ended()).toBe('0');
    const events = await readSpool(spool);
    const tools = ['PreToolUse', 'PostToolUse'];
    expect(events.map(({ event }) => event)).toEqual(
      ['SessionStart', 'UserPromptSubmit', ...tools, ...tools, ...tools, 'Stop', 'UserPromptSubmit'].concat(
        'PermissionRequest',
        'Stop',
        'SessionEnd',
      ),
    );
    expect(events[1]?.payload).toMatchObject({ prompt: 'edit it', session_id: 'abc', cwd: world.repo });
    expect(events.find(({ event }) => event === 'Stop')?.payload).toMatchObject({
      last_assistant_message: 'All done.',
    });
    const quiet = await openPane(world, ['--hooks', 'false', 'hello'], { env });
    await quiet.until('ready', 'Done: hello');
    await quiet.keys('C-d');
    await quiet.ended();
    expect(await readSpool(spool)).toHaveLength(events.length);
  });

  it('ends with its window and takes no terminal for granted', async () => {
    const pane = await openPane(world, ['slow'], { script: WORK });
    await pane.until('busy');
    const pid = Number(await pane.format('#{pane_pid}'));
    await world.tmux(['kill-server']);
    await waitFor(async () => ((await startOf(pid)) === null ? true : null), 'its end');
  });
});
