import { exit, UserError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';
import type { Board } from './context.ts';
import { enter, guest, type Participant, PERSON, PERSON_ID, participantOfAgent } from './participants.ts';

/** Everybody who takes part: the person, the session's agents, and the guests, in the order in which they came. */
export async function listParticipants(board: Board): Promise<Participant[]> {
  const agents = await board.db.selectFrom('agents').selectAll().orderBy('created_at').orderBy('number').execute();
  const guests = await board.db
    .selectFrom('participants')
    .select('name')
    .where('kind', '=', 'guest')
    .where('left_at', 'is', null)
    .orderBy('joined_at')
    .execute();
  return [PERSON, ...agents.map(participantOfAgent), ...guests.map(({ name }) => guest(name))];
}

/**
 * Whom a word names: an exact name, then an agent's number or ticket, then a unique prefix. `person` is the person;
 * `leader` the one agent that leads, else the person.
 * @throws UserError exit 3 naming the candidates.
 */
export async function resolveParticipant(board: Board, word: string): Promise<Participant> {
  const all = await listParticipants(board);
  const found = named(all, word) ?? (await numbered(board, all, word)) ?? prefixed(all, word);
  if (found !== null) return enter(board, found);
  const names = all.map(({ name }) => name);
  const close = nearest(word, names, 1)[0];
  throw new UserError({
    code: 'NO_SUCH_PARTICIPANT',
    exit: exit.notFound,
    message: `Nobody here is called '${word}'. There are: ${names.join(', ')}.`,
    hint: close ? `Perhaps you mean: ${close}` : 'swarm ls',
    details: { candidates: names },
  });
}

/** Names by id, also of those who left: for what is shown. */
export async function namesOf(board: Board): Promise<(id: string) => string> {
  const [agents, others] = await Promise.all([
    board.db.selectFrom('agents').select(['id', 'name']).execute(),
    board.db.selectFrom('participants').select(['id', 'name']).execute(),
  ]);
  // An agent may have been renamed since it took part last.
  const names = new Map([...others, ...agents].map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? (id === PERSON_ID ? PERSON.name : id.replace(/^guest:/, ''));
}

function named(all: readonly Participant[], word: string): Participant | null {
  const exact = all.find(({ name }) => name === word);
  if (exact !== undefined) return exact;
  if (word !== 'leader') return null;
  const leaders = all.filter(({ kind, leads }) => kind === 'agent' && leads);
  return leaders.length === 1 ? (leaders[0] ?? PERSON) : PERSON;
}

async function numbered(board: Board, all: readonly Participant[], word: string): Promise<Participant | null> {
  const rows = await board.db.selectFrom('agents').select(['id', 'number', 'ticket']).execute();
  const byNumber = rows.filter(({ number }) => number !== null && String(number) === word);
  const found = byNumber.length > 0 ? byNumber : rows.filter(({ ticket }) => ticket === word);
  return found.length === 1 ? (all.find(({ id }) => id === found[0]?.id) ?? null) : null;
}

function prefixed(all: readonly Participant[], word: string): Participant | null {
  const fitting = word === '' ? [] : all.filter(({ name }) => name.startsWith(word));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
