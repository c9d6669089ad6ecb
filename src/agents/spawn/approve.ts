import type { ApprovedCommands } from '../../workspace/approved.ts';
import { approveCommands, type ConsentDoor } from '../consent.ts';
import type { Session } from '../session.ts';
import type { SpawnRequest } from './request.ts';

/** Everything of the config that a spawn may run: what was approved is what runs, nothing is read again. */
export function approveSpawn(session: Session, request: SpawnRequest, door: ConsentDoor): Promise<ApprovedCommands> {
  const clis = new Set(request.crew.map(({ cli }) => `agents.${cli}`));
  const tickets = request.ticketText && request.tickets.length > 0 ? ['tickets'] : [];
  const hooks = request.hooks ? ['hooks.post_create'] : [];
  return approveCommands(session, [...hooks, ...tickets, ...clis, 'tmux.panes', 'dialogs'], door);
}
