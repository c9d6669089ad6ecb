import { forkAgent } from '../../agents/life/fork.ts';
import { pauseAgent } from '../../agents/life/pause.ts';
import { renameAgent } from '../../agents/life/rename.ts';
import { restoreAgent } from '../../agents/life/restore.ts';
import { restartAgent, resumeAgent } from '../../agents/life/revive.ts';
import { stopAgent } from '../../agents/life/stop.ts';
import { PLAIN_SPAWN, type SpawnResult } from '../../agents/spawn/request.ts';
import { spawnAgents } from '../../agents/spawn/spawn.ts';
import type { AgentRow } from '../../store/schema.ts';
import type { NewAgent } from '../protocol.ts';
import { done, failureOf, forEach, inJob, type Outcome, wrong } from './job.ts';
import type { Stage } from './stage.ts';

/** Milliseconds that an agent gets to become able to take its prompt, as for `swarm spawn`. */
const PATIENCE = 60_000;

const namesOf = (rows: readonly AgentRow[]) => rows.map(({ name }) => name).join(', ');

export function spawnNew(stage: Stage, { ticket, prompt, crew, base, branch }: NewAgent): Promise<void> {
  const request = {
    ...PLAIN_SPAWN,
    tickets: ticket === '' ? [] : [ticket],
    crew,
    prompt: prompt || null,
    base: base || null,
    branch: branch || null,
    wait: 'delivered',
    timeout: PATIENCE,
  } as const;
  const text = `making ${ticket || 'an agent'}`;
  return inJob(stage, text, async (door) => outcomeOf(await spawnAgents(stage.session, request, door)));
}

export function fork(stage: Stage, row: AgentRow, ticket: string, prompt: string): Promise<void> {
  const options = { prompt: prompt || null, name: null, yes: false, timeout: PATIENCE, wait: 'delivered' } as const;
  return inJob(stage, `forking ${row.name}`, async (door) =>
    outcomeOf(await forkAgent(stage.session, row, ticket, options, door)),
  );
}

function outcomeOf({ agents, deliveries, errors }: SpawnResult): Outcome {
  const failed = errors.map(({ error }) => failureOf(error));
  const late = deliveries.filter(({ state }) => state !== 'delivered');
  const lost = late.map(
    ({ agent, state, reason }) => `${agent}: the prompt is ${state}: ${reason ?? 'no reason known'}`,
  );
  const made = agents.map(({ name, branch }) => `${name} is made, on ${branch ?? 'no branch'}`);
  const [first] = failed;
  if (first === undefined && lost.length === 0) return done(made.join('\n'));
  return {
    notice: wrong([...failed.map(({ message }) => message), ...lost, ...made].join('\n'), first?.hint ?? null),
    undo: null,
  };
}

export function endAll(stage: Stage, what: 'stop' | 'pause', rows: readonly AgentRow[]): Promise<void> {
  const work = what === 'stop' ? stopAgent : pauseAgent;
  const [title, past] = what === 'stop' ? ['stopping', 'stopped'] : ['pausing', 'paused'];
  return inJob(stage, `${title} ${namesOf(rows)}`, async () => {
    const agents: string[] = [];
    const notice = await forEach(
      rows,
      ({ name }) => name,
      async (row) => {
        await work(stage.session, row);
        agents.push(row.id);
        return `${row.name} is ${past}; u takes it back`;
      },
    );
    return { notice, undo: agents.length === 0 ? null : { what, agents } };
  });
}

/** Resumes who is paused; whoever else there is, is started again. */
export function reviveAll(stage: Stage, rows: readonly AgentRow[]): Promise<void> {
  const options = { again: false, timeout: PATIENCE, yes: false };
  return inJob(stage, `starting ${namesOf(rows)}`, async (door) => {
    const notice = await forEach(
      rows,
      ({ name }) => name,
      async (row) => {
        const work = row.status === 'paused' ? resumeAgent : restartAgent;
        const { resumed } = await work(stage.session, row, options, door);
        return `${row.name} is ${row.status === 'paused' ? 'resumed' : 'restarted'}${resumed ? ', its conversation too' : ', its conversation is new'}`;
      },
    );
    return { notice, undo: null };
  });
}

export function rename(stage: Stage, row: AgentRow, name: string): Promise<void> {
  return inJob(stage, `renaming ${row.name}`, async () => {
    const renamed = await renameAgent(stage.session, row, name);
    return done(`${row.name} is ${renamed.name} now`);
  });
}

export function restoreAll(stage: Stage, names: readonly string[]): Promise<void> {
  return inJob(stage, `restoring ${names.join(', ')}`, async () => {
    const notice = await forEach(
      names,
      (name) => name,
      async (name) => {
        const row = await restoreAgent(stage.session, name);
        return `${row.name} is back with its files; r resumes it`;
      },
    );
    return { notice, undo: null };
  });
}
