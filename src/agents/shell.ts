import type { AgentRow } from '../store/schema.ts';
import { personEnvironment } from './environment.ts';
import { requireWorktree } from './ground.ts';
import type { Session } from './session.ts';

/** What runs in the user's own terminal, in an agent's worktree. */
export interface ForegroundPlan {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The user's shell in the agent's worktree, with its ports; not its identity: whoever types there is the person. */
export function shellPlan(session: Session, row: AgentRow): ForegroundPlan {
  const { SWARM_AGENT: _, ...own } = session.env;
  const env = { ...own, ...personEnvironment(session, row) };
  return { argv: [session.env['SHELL'] || '/bin/sh'], cwd: requireWorktree(row), env };
}
