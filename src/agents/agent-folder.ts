import { join } from 'node:path';
import type { Repository } from '../git/repository.ts';

/** `<state>/agents/<name>`: an agent's prompts, hook settings and event spool. */
export function agentFolder(repo: Repository, agent: { readonly name: string }): string {
  return join(repo.stateDir, 'agents', agent.name);
}

/** Where the hooks of the agent's own CLI report events. */
export function spoolOf(repo: Repository, agent: { readonly name: string }): string {
  return join(agentFolder(repo, agent), 'events');
}
