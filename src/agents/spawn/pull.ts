import { exit, UserError } from '../../lib/errors.ts';
import { findPull } from '../../workspace/pulls.ts';
import type { WorktreeRequest } from '../../workspace/worktree.ts';
import type { Session } from '../session.ts';
import type { SpawnRequest } from './request.ts';

/**
 * The request with the head of pull request `number`: its branch names the ticket where none is given, `pr-N` does for
 * one from a fork, whose branch may be called anything (`main`). Asks gh; with `fetch`, gets the commits too.
 * @throws UserError as {@link findPull}, or exit 2 for several tickets.
 */
export async function withPull(
  session: Session,
  request: SpawnRequest,
  number: number,
  how: { readonly fetch: boolean; readonly tell: (line: string) => void },
): Promise<SpawnRequest> {
  if (request.tickets.length > 1) throw severalTickets(request.tickets, number);
  const pull = await findPull(session.repo, number, { env: session.env, fetch: how.fetch });
  const state = pull.state === 'OPEN' ? '' : ` (${pull.state.toLowerCase()})`;
  how.tell(`pull request ${number}${state}: ${pull.title}`);
  const tickets = request.tickets.length > 0 ? request.tickets : [pull.fork ? `pr-${number}` : pull.branch];
  return { ...request, tickets, pull };
}

/** What a plan of the worktree must know of where the work starts. */
export function startingPoint(request: SpawnRequest): Pick<WorktreeRequest, 'branch' | 'base' | 'head'> {
  const { pull, branch, base } = request;
  return { branch: branch ?? pull?.branch ?? null, base: base ?? pull?.base ?? null, head: pull };
}

function severalTickets(tickets: readonly string[], number: number): UserError {
  return new UserError({
    code: 'ONE_PULL_REQUEST_MANY_TICKETS',
    exit: exit.usage,
    message: `--pr ${number} is one branch, and there are ${tickets.length} tickets: ${tickets.join(', ')}.`,
    hint: `swarm spawn ${tickets[0]} --pr ${number}`,
  });
}
