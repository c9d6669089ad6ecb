import type { Agent } from '../types.ts';
import type { Evidence } from './evidence.ts';
import type { Check } from './types.ts';

/** What must be so of one agent. */
export function checksOf(evidence: Evidence, copiedEnv: string): Check[] {
  const { job, agent, team, dirty, proof, env, setup, asked } = evidence;
  const port = agent.ports['PORT'] ?? 0;
  const prompts = job.later === null ? [job.prompt] : [job.prompt, job.later];
  const undelivered = team.deliveries.filter(({ state, evidence: by }) => state !== 'delivered' || by === null);
  const wanted = job.proof.text(port);
  const check = (what: string, ok: boolean, found: string | null): Check => ({
    agent: agent.name,
    what,
    ok,
    found: ok ? null : found,
  });
  const same = (what: string, expected: unknown, found: unknown): Check =>
    check(
      what,
      JSON.stringify(expected) === JSON.stringify(found),
      `${JSON.stringify(found)}, not ${JSON.stringify(expected)}`,
    );
  return [
    check(
      'every prompt was delivered, with evidence',
      undelivered.length === 0 && team.deliveries.length === prompts.length,
      undelivered.map(({ state, reason }) => `${state}: ${reason}`).join('; ') ||
        `${team.deliveries.length} deliveries`,
    ),
    same('its conversation has each prompt once, to the byte', prompts, asked),
    same(
      'its branch has the commits',
      job.commits,
      team.commits.map(({ subject }) => subject),
    ),
    same('they change its files', job.files, team.files),
    check(`${job.proof.file} says what it should`, proof?.includes(wanted) === true, proof ?? 'there is no such file'),
    same('nothing is left uncommitted', '', dirty),
    same('.env was copied', copiedEnv, env),
    same('the hook ran, with its port', `${agent.name} has port ${port}\n`, setup),
    same('it is idle', 'idle', agent.status),
  ];
}

/** What must be so of all of them together. */
export function checksOfTeam(size: number, agents: readonly Agent[], before: string, after: string): Check[] {
  const check = (what: string, ok: boolean, found: string): Check => ({
    agent: null,
    what,
    ok,
    found: ok ? null : found,
  });
  const different = (what: string, values: readonly (string | number | null)[]): Check =>
    check(
      `each has its own ${what}`,
      new Set(values).size === values.length && !values.includes(null),
      values.join(', '),
    );
  return [
    check(`the team has ${size} agents`, agents.length === size, `${agents.length}`),
    different(
      'branch',
      agents.map(({ branch }) => branch),
    ),
    different(
      'worktree',
      agents.map(({ worktree }) => worktree),
    ),
    different(
      'port',
      agents.map(({ ports }) => ports['PORT'] ?? null),
    ),
    different(
      'tmux window',
      agents.map(({ tmux }) => tmux.window),
    ),
    check('the main checkout is as it was', before === after, after),
  ];
}
