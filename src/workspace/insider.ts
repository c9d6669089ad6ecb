import { exit, UserError } from '../lib/errors.ts';
import { ancestorsOf, environmentNames } from '../process/identity.ts';

export interface Insider {
  readonly env: NodeJS.ProcessEnv;
  /** Processes of live agents. */
  readonly agentPids: readonly number[];
}

/**
 * Whether this process was started by an agent, as far as can be seen: by its own environment, or by an ancestor that is
 * an agent or has an agent's environment. An agent that means harm can hide (it is the same user); one that follows a
 * bad instruction can't approve by accident.
 */
export async function insideAgentWindow({ env, agentPids }: Insider): Promise<boolean> {
  if (env['SWARM_AGENT']) return true;
  const ancestors = await ancestorsOf(process.pid);
  if (ancestors.some((pid) => agentPids.includes(pid))) return true;
  const carries = await Promise.all(ancestors.map(async (pid) => (await environmentNames(pid)).has('SWARM_AGENT')));
  return carries.includes(true);
}

/** @throws UserError (exit 4) inside an agent's window. */
export async function refuseInsideAgentWindow(insider: Insider): Promise<void> {
  if (!(await insideAgentWindow(insider))) return;
  throw new UserError({
    code: 'CONSENT_BY_AGENT',
    exit: exit.refused,
    message: "Consent can't be given from inside an agent's window: an agent could approve what it wrote itself.",
    hint: 'In a terminal of yours, in this repository: swarm trust',
  });
}
