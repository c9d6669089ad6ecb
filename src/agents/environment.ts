import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { programRoot } from '../lib/program.ts';
import { userStateHome } from '../store/open.ts';
import type { AgentRow } from '../store/schema.ts';
import { briefingFile } from './briefing.ts';
import { agentEnvironment } from './launch.ts';
import { portsOf } from './records.ts';
import { programShim, type Session, spoolOf } from './session.ts';

/** The SWARM_ variables and ports of an agent (design: section 8). */
function variables(session: Session, row: AgentRow): Record<string, string> {
  const ports = Object.entries(portsOf(row)).map(([name, port]) => [name, String(port)]);
  return {
    SWARM_SESSION: session.id,
    SWARM_AGENT: row.name,
    SWARM_ROLE: row.role,
    SWARM_TICKET: row.ticket ?? '',
    SWARM_BRANCH: row.branch ?? '',
    SWARM_BASE: row.base ?? '',
    SWARM_WORKTREE: row.worktree ?? '',
    SWARM_REPO: session.repo.root,
    ...coordination(session),
    SWARM_HOST: row.host,
    SWARM_BIN: programShim(session.repo),
    SWARM_TMUX_SOCKET: session.socket ?? '',
    SWARM_STATE_HOME: userStateHome(session.env),
    // Which of the variables are ports: an agent that starts another does not hand them on.
    SWARM_PORTS: ports.map(([name]) => name).join(' '),
    ...Object.fromEntries(ports),
  };
}

/** Where the board is as files, if it is. */
function coordination({ config, repo }: Session): Record<string, string> {
  const { mirror } = config.supervisor;
  return mirror === null ? {} : { SWARM_COORDINATION: resolve(repo.root, mirror) };
}

/** What hooks and commands in an agent's worktree get: the caller's environment with the agent's variables. */
export function hookEnvironment(session: Session, row: AgentRow): Record<string, string> {
  return agentEnvironment(session.env, variables(session, row));
}

/** What a person gets who works in the agent's worktree: all but its name, by which swarm tells agents from people. */
export function personEnvironment(session: Session, row: AgentRow): Record<string, string> {
  const { SWARM_AGENT: _, ...env } = hookEnvironment(session, row);
  return env;
}

/** What the agent's own process gets: the same, with its token and the way to report events. */
export function processEnvironment(session: Session, row: AgentRow): Record<string, string> & { SWARM_TOKEN: string } {
  return {
    ...hookEnvironment(session, row),
    SWARM_TOKEN: randomBytes(24).toString('base64url'),
    SWARM_HOOK: join(programRoot(), 'hooks', 'report'),
    SWARM_SPOOL: spoolOf(session.repo, row),
    SWARM_BRIEFING: briefingFile(session, row),
  };
}
