import { isRunning } from '../agents/life/stop.ts';
import { allAgents } from '../agents/records.ts';
import type { Session } from '../agents/session.ts';
import { isSupervised } from '../agents/supervised.ts';
import { messageOf } from '../lib/errors.ts';
import { insideAgentWindow } from '../workspace/insider.ts';
import { isWanted } from './wanted.ts';
import { startSupervisor } from './window.ts';

/** Whether a supervisor keeps watch now. */
export interface Ensured {
  readonly supervised: boolean;
  /** One was started just now. */
  readonly started: boolean;
  /** A line for people: what was done, or why nothing was; null when there is nothing to say. */
  readonly note: string | null;
}

/** Who calls: somebody at a terminal (a person, an agent, a script), or an MCP server for its client. */
export type Caller = 'terminal' | 'mcp';

const nothing = (note: string | null): Ensured => ({ supervised: false, started: false, note });

/**
 * Sees to it that somebody watches over agents that live: for commands whose work only a supervisor carries on, such as
 * a message that shall reach a screen. Never fails: whoever calls has done its own work already.
 *
 * The supervisor starts agents with the environment that it was started with. So one that the call of an agent or of an
 * MCP server (to which its client may hand on little) brings up has not theirs: see {@link Variables}.
 */
export async function ensureSupervisor(session: Session, caller: Caller): Promise<Ensured> {
  try {
    if (await isSupervised(session.repo)) return { supervised: true, started: false, note: null };
    const agents = await allAgents(session.db);
    if (!(await anyRuns(agents))) return nothing(null);
    if (!(await isWanted(session.db)))
      return nothing('no supervisor keeps watch since swarm down; swarm up starts one');
    const agentPids = agents.flatMap(({ pid }) => pid ?? []);
    const own = caller === 'terminal' && !(await insideAgentWindow({ env: session.env, agentPids }));
    const { holder, started } = await startSupervisor(session, own ? 'caller' : 'kept');
    const note = started ? `a supervisor keeps watch from now on (process ${holder.pid}; swarm down ends it)` : null;
    return { supervised: true, started, note };
  } catch (error) {
    return nothing(`no supervisor could be started: ${messageOf(error)}`);
  }
}

async function anyRuns(agents: Awaited<ReturnType<typeof allAgents>>): Promise<boolean> {
  for (const row of agents) if (await isRunning(row)) return true;
  return false;
}
