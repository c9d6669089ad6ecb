import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentCli } from '../../src/agents/clis/index.ts';
import type { StartPlan } from '../../src/agents/clis/types.ts';
import { readSpool } from '../../src/agents/events.ts';
import { programRoot } from '../../src/lib/program.ts';
import { run } from '../../src/process/run.ts';
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
