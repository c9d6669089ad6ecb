import { exit, UserError } from '../../lib/errors.ts';
import { ticketSlug } from '../../workspace/names.ts';
import { allAgents } from '../records.ts';
import type { Session } from '../session.ts';
import { again } from './again.ts';
import { requireRoom } from './most.ts';
import type { SpawnJob, SpawnRequest } from './request.ts';

/** Every agent the request asks for, in order. A prompt without a ticket makes a ticket of its first words. */
export function planJobs(request: SpawnRequest): SpawnJob[] {
  const slug = request.prompt === null ? null : ticketSlug(request.prompt);
  const tickets: readonly (string | null)[] = request.tickets.length > 0 ? request.tickets : [slug];
  return tickets.flatMap((ticket) => {
    const crew = request.crew.flatMap(({ cli, count }) => Array.from({ length: count }, () => cli));
    return crew.map((cli) => ({ ticket, cli, shared: crew.length > 1, prompt: request.prompt }));
  });
}

/** Refuses what can be refused before anything is made. */
export async function checkJobs(session: Session, request: SpawnRequest, jobs: readonly SpawnJob[]): Promise<void> {
  const there = await allAgents(session.db);
  const repeated = request.tickets.find((ticket, i) => request.tickets.indexOf(ticket) < i);
  if (repeated !== undefined && !request.another) throw twice(`'${repeated}' is named twice`, request);
  if (request.name !== null && jobs.length > 1) {
    throw new UserError({
      code: 'ONE_NAME_MANY_AGENTS',
      exit: exit.usage,
      message: `--name ${request.name} names one agent, and this makes ${jobs.length}.`,
      hint: 'Leave --name out: the agents are then called worker-1, worker-2, …',
    });
  }
  if (request.branch !== null && jobs.length > 1) {
    throw new UserError({
      code: 'ONE_BRANCH_MANY_AGENTS',
      exit: exit.usage,
      message: `--branch ${request.branch} names one branch, and this makes ${jobs.length} agents; two agents never share one.`,
      hint: 'Leave --branch out: each agent then gets a branch named after its ticket.',
    });
  }
  requireRoom(there.length, jobs.length);
}

/** Refuses a ticket that an agent has already, unless another one is wanted. `held`: tickets that were taken before this call. */
export async function checkTicket(
  session: Session,
  request: SpawnRequest,
  job: SpawnJob,
  held: ReadonlyMap<string, string>,
): Promise<void> {
  if (request.another || job.ticket === null) return;
  // The others of a crew hold the ticket too: only those from before count. Else somebody may have come in between.
  const holder = job.shared ? held.get(job.ticket) : (await heldTickets(session)).get(job.ticket);
  if (holder !== undefined) throw twice(`${holder} has the ticket '${job.ticket}' already`, request);
}

/** Tickets that agents have, and the first agent of each. */
export async function heldTickets(session: Session): Promise<ReadonlyMap<string, string>> {
  const held = new Map<string, string>();
  for (const { name, ticket } of await allAgents(session.db)) {
    if (ticket !== null && !held.has(ticket)) held.set(ticket, name);
  }
  return held;
}

function twice(what: string, request: SpawnRequest): UserError {
  return new UserError({
    code: 'TICKET_TAKEN',
    exit: exit.refused,
    message: `${what}. A second agent gets a branch of its own only when that is meant.`,
    hint: again(request, '--another') ?? 'swarm ls',
  });
}
