import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvent, spoolEntries } from '../../src/agents/events.ts';
import { cleanSpool } from '../../src/agents/tools/cleanup.ts';
import { inputWords, toolLine } from '../../src/agents/tools/line.ts';
import { lastToolCalls, ToolCallTail } from '../../src/agents/tools/read.ts';
import type { ToolRecord } from '../../src/agents/tools/record.ts';
import { recordToolCalls, toolCallsFile } from '../../src/agents/tools/recorder.ts';
import type { Repository } from '../../src/git/repository.ts';
import { run } from '../../src/process/run.ts';
import { useWorld } from '../support/world.ts';

const agent = { name: 'worker-1', role: 'worker', branch: 'ticket-1', worktree: '/w' };

describe('tool_calls.jsonl', () => {
  const world = useWorld();
  const session = () => ({ repo: { stateDir: world.dir } as Repository });
  const spool = () => join(world.dir, 'agents/worker-1/events');
  let second = 1_700_000_000;
  /** A hook's file as hooks/report leaves it. */
  const hook = (event: string, payload: unknown) => {
    mkdirSync(spool(), { recursive: true });
    const file = join(spool(), `${String(++second).padStart(10, '0')}-${event}.json`);
    writeFileSync(file, typeof payload === 'string' ? payload : JSON.stringify(payload), { mode: 0o600 });
    utimesSync(file, second, second);
  };
  const record = () => recordToolCalls(session(), agent);
  const lines = () =>
    readFileSync(toolCallsFile(session(), agent), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ToolRecord);

  it('has a call with its fields, from its beginning to its end, and the turn’s end', async () => {
    const call = { session_id: 's', cwd: '/w/sub', tool_name: 'Bash', tool_use_id: 'toolu_1' };
    hook('PreToolUse', { ...call, tool_input: { command: 'TOKEN=abc123 npm test' } });
    hook('PostToolUse', { ...call, tool_response: { stdout: 'ok' }, duration_ms: 12 });
    hook('Notification', { message: 'x' });
    hook('Stop', { session_id: 's' });
    expect(await record()).toHaveLength(3);
    expect(await record()).toEqual([]);
    const [start, complete, stop] = lines();
    expect(start).toEqual({
      event: 'tool_call_start',
      timestamp: new Date((second - 3) * 1000).toISOString(),
      tool_use_id: 'toolu_1',
      agent_id: 'WORKER-1',
      agent_type: 'worker',
      tool_name: 'Bash',
      tool_input: { command: 'TOKEN=[redacted] npm test' },
      parent_tool_use_id: null,
      success: null,
      error: null,
      output_size: null,
      duration_ms: null,
      usage: null,
      session_id: 's',
      subagent_id: null,
      subagent_type: null,
      cwd: '/w/sub',
      branch: 'ticket-1',
      hook: 'PreToolUse',
    });
    expect(complete).toMatchObject({ event: 'tool_call_complete', success: true, output_size: 15, duration_ms: 12 });
    expect(stop).toMatchObject({ event: 'agent_stop', tool_name: null, cwd: '/w', hook: 'Stop' });
    expect(statSync(toolCallsFile(session(), agent)).mode & 0o777).toBe(0o600);
  });

  it('tells a failure, a subagent, and the duration where the CLI gives neither id nor time', async () => {
    hook('BeforeTool', { session_id: 'g', tool_name: 'read_file', tool_input: { absolute_path: '/a' } });
    hook('AfterTool', {
      session_id: 'g',
      tool_name: 'read_file',
      tool_response: { error: { message: 'no such file' } },
    });
    await record();
    hook('PreToolUse', {
      tool_name: 'Task',
      tool_use_id: 'a',
      agent_id: 'sub',
      agent_type: 'Explore',
      parent_tool_use_id: 'p',
    });
    await record();
    // Another process goes on where this one was.
    hook('PostToolUseFailure', { tool_name: 'Task', tool_use_id: 'a', error: 'password=hunter2 refused' });
    await record();
    expect(lines()).toMatchObject([
      { tool_use_id: null, tool_input: { absolute_path: '/a' } },
      { success: false, error: 'no such file', duration_ms: 1000 },
      { parent_tool_use_id: 'p', subagent_id: 'sub', subagent_type: 'Explore' },
      { success: false, error: 'password=[redacted] refused', duration_ms: 1000 },
    ]);
  });

  it('names the tool of a call that is too large to be read, and takes garbage for nothing', async () => {
    const big = {
      session_id: 's',
      tool_name: 'Write',
      tool_input: { content: 'x'.repeat(1_100_000) },
      tool_use_id: 't',
    };
    hook('PreToolUse', big);
    hook('PreToolUse', 'no json');
    hook('PostToolUse', '');
    await record();
    expect(lines()).toMatchObject([
      { tool_name: 'Write', tool_use_id: 't', tool_input: null },
      { tool_name: null, tool_use_id: null },
      { event: 'tool_call_complete', tool_name: null },
    ]);
  });

  it.each(['tools:append:effect', 'tools:position:effect'])(
    'has each call once though the recorder is killed at %s',
    async (point) => {
      for (let i = 0; i < 3; i++) hook('PreToolUse', { tool_name: 'Bash', tool_use_id: `before-${i}` });
      await record();
      for (let i = 0; i < 450; i++) hook('PreToolUse', { tool_name: 'Bash', tool_use_id: `during-${i}` });
      const program = join(import.meta.dirname, 'fixtures/record.ts');
      const env = { ...world.env, SWARM_CRASH_AT: point };
      expect((await run([process.execPath, program, world.dir], { env })).signal).toBe('SIGKILL');
      hook('PreToolUse', { tool_name: 'Bash', tool_use_id: 'after' });
      await record();
      const ids = lines().map(({ tool_use_id }) => tool_use_id);
      const during = Array.from({ length: 450 }, (_, i) => `during-${i}`);
      expect(ids).toEqual(['before-0', 'before-1', 'before-2', ...during, 'after']);
      expect((await spoolEntries(spool())).every(({ recorded }) => recorded)).toBe(true);
    },
  );

  it('begins another file when one is large, and is read and followed over that', async () => {
    hook('PreToolUse', { tool_name: 'Bash', tool_use_id: 'first' });
    await record();
    const tail = new ToolCallTail(session(), agent, true);
    expect(tail.news().map(({ tool_use_id: id }) => id)).toEqual(['first']);
    hook('PreToolUse', { tool_name: 'Bash', tool_use_id: 'second' });
    await record();
    const file = toolCallsFile(session(), agent);
    const size = 9 * 1024 * 1024;
    writeFileSync(file, `${readFileSync(file, 'utf8')}${`${' '.repeat(1023)}\n`.repeat(size / 1024)}`);
    writeFileSync(`${file}.position`, JSON.stringify({ size: statSync(file).size, batch: [], open: [] }));
    hook('PreToolUse', { tool_name: 'Bash', tool_use_id: 'third' });
    await record();
    expect(lines().map(({ tool_use_id: id }) => id)).toEqual(['third']);
    expect(lastToolCalls(session(), agent, 2, null).map(({ tool_use_id: id }) => id)).toEqual(['second', 'third']);
    const since = lines()[0]?.timestamp ?? '';
    expect(lastToolCalls(session(), agent, 9, since).map(({ tool_use_id: id }) => id)).toEqual(['third']);
    expect(tail.news().map(({ tool_use_id: id }) => id)).toEqual(['second', 'third']);
    expect(tail.news()).toEqual([]);
  });

  it('leaves in the spool what tells of the agent, and nothing that is old and recorded', async () => {
    hook('UserPromptSubmit', { prompt: 'go' });
    for (let i = 0; i < 300; i++) hook('PreToolUse', { tool_name: 'Bash', tool_use_id: `${i}` });
    expect(await cleanSpool(spool())).toBe(0);
    await record();
    hook('PreToolUse', { tool_name: 'Bash', tool_use_id: 'new' });
    const minute = 60_000;
    expect(await cleanSpool(spool(), second * 1000 + 5 * minute)).toBe(0);
    expect(await cleanSpool(spool(), second * 1000 + 60 * minute)).toBe(101);
    const left = await spoolEntries(spool());
    expect(left).toHaveLength(201);
    expect(left[0]).toMatchObject({ event: 'UserPromptSubmit' });
    expect((await readEvent(left[0] as (typeof left)[0]))?.payload).toEqual({ prompt: 'go' });
    expect(readdirSync(spool())).toHaveLength(201);
  });
});

describe('a line for people', () => {
  const start = { event: 'tool_call_start', agent_id: 'WORKER-1', tool_name: 'Read' } as ToolRecord;

  it.each([
    [{ file_path: 'src/a.ts' }, 'src/a.ts'],
    [{ description: 'Runs it', command: 'npm test\n--all' }, 'npm test --all'],
    [{ pattern: 'x', path: 'src' }, 'src'],
    [{ other: 7, words: 'something' }, 'something'],
    [{}, ''],
    [null, ''],
    ['text', 'text'],
    [{ command: `\u001b[31m${'x'.repeat(200)}` }, `${'x'.repeat(99)}…`],
  ])('%j in short', (input, expected) => {
    expect(inputWords(input)).toBe(expected);
    expect(toolLine({ ...start, tool_input: input })).toBe(`[WORKER-1] → Read ${expected}`.trim());
  });

  it('tells what failed, and keeps silent on what went well', () => {
    const complete = { ...start, event: 'tool_call_complete' } as const;
    expect(toolLine({ ...complete, success: false, error: 'no such file' })).toBe('[WORKER-1] ✗ Read: no such file');
    expect(toolLine({ ...complete, success: true })).toBeNull();
  });
});
