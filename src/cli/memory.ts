import { Flags } from '@oclif/core';
import type { Board } from '../board/context.ts';
import { MEMORY_KINDS, type Memory } from '../board/memory.ts';
import type { Participant } from '../board/participants.ts';
import { resolveParticipant } from '../board/roster.ts';
import { exit, UserError } from '../lib/errors.ts';
import { oneLine, plainLine } from '../lib/text.ts';
import { paint } from './output.ts';
import { ageOf } from './times.ts';

export const kindFlag = Flags.option({
  options: MEMORY_KINDS,
  char: 'k',
  description: 'What kind of thing it is.',
  helpValue: 'KIND',
});

/** Flags of the commands that look something up. */
export const searchFlags = {
  kind: kindFlag(),
  team: Flags.boolean({ description: 'Only what everybody knows.', exclusive: ['own', 'agent'] }),
  own: Flags.boolean({ description: 'Only what is yours.', exclusive: ['agent'] }),
  agent: Flags.string({ description: 'What is NAME’s, for who leads.', helpValue: 'NAME' }),
  limit: Flags.integer({ description: 'The newest so many. [50]', min: 1, helpValue: 'N' }),
};

/** Which memory the flags mean. */
export function whoseOf(flags: {
  readonly team: boolean;
  readonly own: boolean;
  readonly agent?: string | undefined;
}): 'team' | 'own' | undefined {
  if (flags.team) return 'team';
  return flags.own || flags.agent !== undefined ? 'own' : undefined;
}

/** Whose memory is read: one's own, or the named agent's. @throws UserError exit 4 for somebody else's. */
export async function rememberer(board: Board, me: Participant, word: string | undefined): Promise<Participant> {
  if (word === undefined) return me;
  const other = await resolveParticipant(board, word);
  if (me.leads || other.id === me.id) return other;
  throw new UserError({
    code: 'NOT_YOURS',
    exit: exit.refused,
    message: `What ${other.name} keeps in mind is its own; who leads may read it.`,
    hint: 'swarm memory list --team',
    details: { agent: other.name },
  });
}

/** Entries, one below the other, what they say set apart from what swarm says. */
export function renderMemories(memories: readonly Memory[]): string {
  if (memories.length === 0) return 'Nothing is kept in mind.';
  return memories
    .map(({ id, owner, kind, text, taskId, createdBy, createdAt }) => {
      const age = `${ageOf(createdAt)} ago`;
      const about = [owner === null ? `team, by ${createdBy}` : owner, ...(taskId === null ? [] : [taskId]), age];
      const lines = text.split('\n').map((line) => `  ${plainLine(line)}`);
      return [`${paint('bold', String(id))}  ${kind}  ${paint('dim', about.join(', '))}`, ...lines].join('\n');
    })
    .join('\n');
}

/** What was kept, in a line. */
export function renderKept({ id, owner, kind, text }: Memory): string {
  const whose = owner === null ? 'the team' : owner;
  return `${paint('green', '✓')} ${id}: kept for ${whose} among ${kind}: ${oneLine(text, 60)}`;
}
