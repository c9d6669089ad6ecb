import type { Participant } from '../participants.ts';

/**
 * Who edits of no certain author are by: a new task, the plan, a discovery. Whoever may write the mirror's files may type
 * `swarm` as the person too, so it leads; the history tells it apart.
 */
export const FILES: Participant = {
  id: 'guest:files',
  kind: 'guest',
  name: 'files',
  role: 'leader',
  leads: true,
  capabilities: ['leader'],
};
