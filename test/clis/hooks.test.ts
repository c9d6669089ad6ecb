import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import { toolEvent } from '../../src/agents/clis/tool-events.ts';
import type { StartPlan } from '../../src/agents/clis/types.ts';
import { readSpool } from '../../src/agents/events.ts';
import { programRoot } from '../../src/lib/program.ts';
import { run } from '../../src/process/run.ts';
import { nodeFolder } from '../support/program.ts';
import { useWorld } from '../support/world.ts';

/** Hook commands in the settings files that a CLI is pointed to, by event. */
function commandsOf(plan: StartPlan): Map<string, string> {
  const { hooks } = JSON.parse(plan.files?.[0]?.content ?? '{}') as {
    hooks: Record<string, { hooks: { command: string }[] }[]>;
  };
  return new Map(Object.entries(hooks).map(([event, [entry]]) => [event, entry?.hooks[0]?.command ?? '']));
}

describe.each(['claude', 'gemini', 'codex'])('the hooks of %s', (name) => {
  const world = useWorld({ hostile: true });
  const cli = agentCli(name, { agents: {} });

  it('reach the spool of an agent whose path is odd', async () => {
    const spool = join(world.dir, 'it\'s "$(touch oops)" `here`');
    mkdirSync(spool, { recursive: true });
    const plan = cli.start({
      prompt: null,
      model: null,
      args: [],
      agentDir: world.dir,
      worktree: world.repo,
      reportHook: join(programRoot(), 'hooks', 'report'),
      spool,
      swarmBin: 'swarm',
      mcpVariables: [],
      program: null,
      dialogsTrust: 'ask',
      repoRoot: world.repo,
      env: {},
    });
    const env = { ...world.env, ...plan.env };
    const payload = JSON.stringify({ type: 'agent-turn-complete', session_id: 'id 1', 'thread-id': 'id 1' });
    const notify = plan.argv.find((arg) => arg.startsWith('notify='));
    const calls = notify
      ? [[...(JSON.parse(notify.slice('notify='.length)) as string[]), payload]]
      : [...commandsOf(plan).values()].map((command) => ['/bin/sh', '-c', command]);
    for (const argv of calls) {
      const said = await run(argv, { cwd: world.dir, env, input: payload });
      expect(said).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    }
    const events = await readSpool(spool);
    expect(events.map(({ event }) => event).sort()).toEqual(notify ? ['Notify'] : [...commandsOf(plan).keys()].sort());
    const states = events.map(({ event, payload }) => cli.events(event, payload));
    expect(states.every((state) => state?.conversation === 'id 1')).toBe(true);
  });
});

describe("OpenCode's plugin", () => {
  const world = useWorld({ hostile: true });
  const cli = agentCli('opencode', { agents: {} });
  const options = (env: NodeJS.ProcessEnv) => ({
    prompt: null,
    model: null,
    args: [],
    agentDir: world.dir,
    worktree: world.repo,
    reportHook: join(programRoot(), 'hooks', 'report'),
    spool: join(world.dir, 'it\'s "$(touch oops)" `here`'),
    swarmBin: 'swarm',
    mcpVariables: [],
    program: null,
    dialogsTrust: 'ask' as const,
    repoRoot: world.repo,
    env,
  });

  it('reports the tools that are used, with what they were given and how much they gave back', async () => {
    const { spool, ...rest } = options({});
    mkdirSync(spool, { recursive: true });
    const plan = cli.start({ ...rest, spool });
    const config = JSON.parse(plan.env?.['OPENCODE_CONFIG_CONTENT'] ?? '{}') as { plugin: string[] };
    const script = `
      const { Swarm } = await import(process.argv[1]);
      const plugin = await Swarm();
      const call = { tool: 'read', sessionID: 's', callID: 'c' };
      await plugin['tool.execute.before'](call, { args: { filePath: 'a.ts' } });
      await plugin['tool.execute.after'](call, { title: 'a.ts', output: '0123456789', metadata: {} });
      await plugin['tool.execute.before'](undefined, undefined);
    `;
    const node = join(nodeFolder, 'node');
    const argv = [node, '--input-type=module', '-e', script, config.plugin[0] ?? ''];
    const said = await run(argv, { cwd: world.dir, env: { ...world.env, ...plan.env } });
    expect(said).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const events = await readSpool(spool);
    expect(events.map(({ event, payload }) => cli.events(event, payload)?.state)).toEqual(Array(3).fill('working'));
    const call = { session: 's', id: 'c', tool: 'read' };
    expect(events.map(({ event, payload }) => toolEvent(event, payload))).toMatchObject([
      { kind: 'start', ...call, input: { filePath: 'a.ts' } },
      { kind: 'complete', ...call, outputSize: 10, error: null },
      { kind: 'start', tool: null },
    ]);
  });

  it('reports prompts, turns and questions in their order, and of a session below only the questions', async () => {
    const { spool, ...rest } = options({});
    mkdirSync(spool, { recursive: true });
    const plan = cli.start({ ...rest, spool });
    const config = JSON.parse(plan.env?.['OPENCODE_CONFIG_CONTENT'] ?? '{}') as { plugin: string[] };
    const script = `
      const { Swarm } = await import(process.argv[1]);
      const plugin = await Swarm();
      const event = (type, properties) => plugin.event({ event: { type, properties } });
      const status = (sessionID, type) => event('session.status', { sessionID, status: { type } });
      await event('session.created', { sessionID: 's', info: { id: 's' } });
      await plugin['chat.message']({ sessionID: 's' }, { parts: [{ type: 'text', text: 'do\\n"it"' }, { type: 'text', text: 'x', synthetic: true }, { type: 'file' }] });
      await status('s', 'busy');
      await event('session.created', { sessionID: 'below', info: { id: 'below', parentID: 's' } });
      await plugin['chat.message']({ sessionID: 'below' }, { parts: [{ type: 'text', text: 'not the user' }] });
      await status('below', 'idle');
      await event('permission.asked', { sessionID: 'below', permission: 'bash' });
      await event('permission.replied', { sessionID: 's' });
      await event('question.asked', { sessionID: 's' });
      await status('s', 'retry');
      await status('s', 'idle');
    `;
    const node = join(nodeFolder, 'node');
    const argv = [node, '--input-type=module', '-e', script, config.plugin[0] ?? ''];
    const said = await run(argv, { cwd: world.dir, env: { ...world.env, ...plan.env } });
    expect(said).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const told = (await readSpool(spool)).map(({ event, payload }) => cli.events(event, payload));
    expect(told.map((one) => `${one?.state} ${one?.detail} ${one?.conversation}`)).toEqual([
      'working Prompt s',
      'working Busy s',
      'waiting Permission bash null',
      'working Busy s',
      'waiting Question null',
      'working Busy s',
      'idle Idle s',
    ]);
    expect(told[0]?.prompt).toBe('do\n"it"');
  });

  it('adds to a config that the user gives in the same way, and leaves one alone that it cannot read', () => {
    const mine = { theme: 'mine', plugin: ['theirs'], mcp: { other: { type: 'remote' } } };
    const { env } = cli.start(options({ OPENCODE_CONFIG_CONTENT: JSON.stringify(mine) }));
    expect(JSON.parse(env?.['OPENCODE_CONFIG_CONTENT'] ?? '')).toEqual({
      ...mine,
      plugin: ['theirs', expect.stringContaining('opencode.js')],
      mcp: { ...mine.mcp, swarm: expect.anything() },
    });
    // As an agent hands it on to another that it starts.
    expect(cli.start(options({ ...env })).env).toEqual(env);
    expect(cli.start(options({ OPENCODE_CONFIG_CONTENT: '{ // mine\n}' })).env).toEqual({});
  });
});

describe('what a hook says of tools', () => {
  it.each([
    ['Notification', {}, null],
    ['Unheard', {}, null],
    ['PreToolUse', null, { kind: 'start', tool: null }],
    ['PostToolUse', { tool_response: { error: 'no' } }, { kind: 'complete', error: 'no' }],
    ['PostToolUseFailure', {}, { error: 'failed' }],
    ['PostToolUse', { tool_response: { usage: { tokens: 5 } } }, { usage: { tokens: 5 }, outputSize: 22 }],
    ['AfterTool', { tool_response: { error: { message: 'bad' } } }, { error: 'bad' }],
    [
      'SubagentStop',
      { agent_id: 'a', agent_type: 'Explore' },
      { kind: 'stop', subagent: { id: 'a', type: 'Explore' } },
    ],
    ['StopFailure', { error: 'overloaded' }, { kind: 'stop', error: 'overloaded' }],
    [
      'Notify',
      { type: 'agent-turn-complete', 'thread-id': 't', 'input-messages': ['go'] },
      { kind: 'stop', session: 't' },
    ],
    ['Notify', { type: 'agent-turn-complete', 'input-messages': ['Generate a concise title'] }, null],
  ])('%s %j', (event, payload, expected) => {
    const told = toolEvent(event, payload);
    if (expected === null) expect(told).toBeNull();
    else expect(told).toMatchObject(expected);
  });
});
