import { UserError } from '../../lib/errors.ts';
import { type Board, transact } from '../context.ts';
import { recordEvent } from '../events.ts';
import { postMessage } from '../messages/post.ts';
import { markSeen } from '../messages/receipts.ts';
import { MESSAGE_TYPES, type MessageType, PRIORITIES, type Priority } from '../messages/types.ts';
import { participantNamed } from '../named.ts';
import type { Participant } from '../participants.ts';
import { answerQuestion } from '../questions.ts';
import { resolveParticipant } from '../roster.ts';
import { fullTaskId } from '../tasks/read.ts';
import { changedDocument } from './documents.ts';
import { type Door, reject, viaFile } from './door.ts';
import { hashOf } from './memory.ts';
import type { FileMessage } from './snapshot.ts';

const MESSAGES = 'communication/messages';
export const MESSAGE_FOLDERS = ['master-to-worker', 'worker-to-master', 'worker-to-worker'].map(
  (name) => `${MESSAGES}/${name}`,
);

type Document = Readonly<Record<string, unknown>>;

/**
 * Takes what was put into the messages' folders: a new file is a message, one that says `"state": "seen"` or is gone was
 * seen, one with an `answer` is answered. `shown` are the messages that have a file. @returns files to leave alone for now.
 */
export async function takeMessages(
  door: Door,
  shown: ReadonlyMap<string, FileMessage>,
  made: ReadonlySet<string>,
): Promise<string[]> {
  const waiting: string[] = [];
  const files = MESSAGE_FOLDERS.flatMap((folder) => door.folder.list(folder));
  for (const file of files.filter((one) => one.endsWith('.json') && !one.endsWith('.rejected.json'))) {
    const found = changedDocument(door, file);
    if (found.is === 'waits') waiting.push(file);
    if (found.is === 'broken' && !shown.has(file)) door.folder.remove(file);
    if (found.is !== 'new') continue;
    const message = shown.get(file);
    if (message !== undefined) await settle(door, file, message, found.value);
    else if (door.memory.known.files[file] !== undefined) dropLate(door, file, found.value);
    else await post(door, file, found.text, found.value);
  }
  for (const [file, message] of shown) {
    const folder = file.slice(0, file.lastIndexOf('/'));
    // Taken out by its reader; not with the whole folder, as by somebody who tidies up.
    if (door.memory.known.files[file] === undefined || files.includes(file) || made.has(folder)) continue;
    if (door.folder.read(file) === null) await markSeen(door.board, message.reader, [message.id], 'file');
  }
  return waiting;
}

/** What a reader wrote into a message. */
async function settle(door: Door, file: string, message: FileMessage, value: Document): Promise<void> {
  await attempt(door, file, value, message.to, async () => {
    const answer = value['answer'] ?? value['reply'];
    if (typeof answer === 'string' && answer.trim() !== '') {
      const by = await participantNamed(door.board, message.to);
      if (message.type === 'QUESTION') await answerQuestion(door.board, by, message.id, answer);
      else await postMessage(door.board, by, { text: answer, replyTo: message.id });
      await viaFile(door, by.name, file, {});
    } else if (['seen', 'read', 'done'].includes(String(value['state']))) {
      await markSeen(door.board, message.reader, [message.id], 'file');
    } else return;
    door.folder.remove(file);
  });
}

/** Somebody wrote into a message that was seen by another door meanwhile: it is away, but not what they wrote. */
function dropLate(door: Door, file: string, value: Document): void {
  if (typeof (value['answer'] ?? value['reply']) === 'string') {
    const reason = 'the message was seen or answered meanwhile; send what you have to say as a new one';
    reject(door, file, { task: null, by: nameIn(value, 'to'), edit: value, code: 'GONE', reason });
  }
  door.folder.remove(file);
}

/** A new message. Posted once, however often swarm is killed between that and taking the file away. */
async function post(door: Door, file: string, text: string, value: Document): Promise<void> {
  const mark = hashOf(`${file}\n${door.folder.read(file)?.stamp ?? ''}\n${text}`);
  await attempt(door, file, value, nameIn(value, 'workerId', 'from'), async () => {
    await transact(door.board, async (board) => {
      if (door.isFirst && (await isPosted(board, mark))) return;
      const words = wordsOf(value);
      const taskId = await fullTaskId(board, words.taskId ?? undefined);
      const { from, to } = await ends(board, file, value, { ...words, taskId });
      const wish = { ...words, to, taskId };
      if (wish.type === 'ANSWER' && wish.replyTo) await answerQuestion(board, from, wish.replyTo, wish.text);
      else await postMessage(board, from, wish);
      await recordEvent(board.db, from.name, 'file-message', { file, mark });
    });
  });
  door.folder.remove(file);
}

async function isPosted({ db }: Door['board'], mark: string): Promise<boolean> {
  const posted = db.selectFrom('events').select('id').where('type', '=', 'file-message');
  return (await posted.where('data', 'like', `%"${mark}"%`).executeTakeFirst()) !== undefined;
}

interface Ends {
  readonly from: Participant;
  /** Undefined: who wrote what it replies to. */
  readonly to: readonly Participant[] | 'all' | undefined;
}

/** From whom to whom: what the file says, else what it replies to, else what its folder says. */
async function ends(
  board: Board,
  file: string,
  value: Document,
  { replyTo, taskId }: { readonly replyTo: string | null; readonly taskId: string | undefined },
): Promise<Ends> {
  const down = file.startsWith(`${MESSAGES}/master-to-worker/`);
  const sender = nameIn(value, 'from', ...(down ? [] : ['workerId']));
  if (sender === null && !down) throw unclear('it says by nobody whom it is: "workerId": "terminal-2"');
  const named = namesIn(value['to']) ?? (down ? namesIn(value['workerId']) : null);
  const other = down ? await holderOf(board, taskId) : 'leader';
  const words = named ?? (replyTo === null && other !== null ? [other] : []);
  if (words.length === 0 && replyTo === null) throw unclear('it says by nobody for whom it is: "to": "worker-1"');
  const from =
    sender === null || sender === 'leader'
      ? await resolveParticipant(board, 'leader')
      : await participantNamed(board, sender);
  if (words.includes('all')) return { from, to: 'all' };
  const to: Participant[] = [];
  for (const word of words) to.push(await resolveParticipant(board, word));
  return { from, to: to.length === 0 ? undefined : to };
}

/** Whom it names: one, several, or `all`; null where it names nobody. */
function namesIn(to: unknown): string[] | null {
  if (to === undefined || to === null || to === '') return null;
  const names = [to].flat();
  const isName = (name: unknown): name is string => typeof name === 'string' && name.trim() !== '';
  if (names.length > 0 && names.every(isName)) return names;
  throw unclear('for whom it is has to be a name, a list of names, or "all"');
}

/** Who has the task that it is about. */
async function holderOf(board: Board, task: string | undefined): Promise<string | null> {
  if (task === undefined) return null;
  const row = await board.db.selectFrom('tasks').select('claimed_by').where('id', '=', task).executeTakeFirst();
  if (!row?.claimed_by) return null;
  const found = await board.db
    .selectFrom('participants')
    .select('name')
    .where('id', '=', row.claimed_by)
    .executeTakeFirst();
  return found?.name ?? null;
}

/** What it says, in the seeds' form (S0-17, S0-18) or a plain one. */
function wordsOf(value: Document) {
  const type = String(value['type'] ?? 'TEXT');
  if (!isType(type)) throw unclear(`its type has to be one of ${MESSAGE_TYPES.join(', ')}, not '${type}'`);
  const priority = String(value['priority'] ?? 'normal');
  if (!isPriority(priority)) throw unclear(`its priority has to be one of ${PRIORITIES.join(', ')}, not '${priority}'`);
  const payload = value['payload'];
  const inside = typeof payload === 'object' && payload !== null ? (payload as Document) : {};
  const text =
    nameIn(value, 'text', 'message', 'content', 'payload') ??
    nameIn(inside, 'text', 'message', 'question', 'summary', 'description', 'status', 'error') ??
    '';
  const taskId = nameIn(value, 'taskId', 'task_id');
  return { type, priority, payload: inside, text, taskId, replyTo: nameIn(value, 'replyTo', 'reply_to') };
}

const isType = (type: string): type is MessageType => MESSAGE_TYPES.some((one) => one === type);
const isPriority = (priority: string): priority is Priority => PRIORITIES.some((one) => one === priority);

/** The first of these that is a text. */
function nameIn(value: Document, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const found = value[key];
    if (typeof found === 'string' && found.trim() !== '') return found;
  }
  return null;
}

function unclear(why: string): UserError {
  return new UserError({ code: 'BAD_MESSAGE', exit: 2, message: `The message can't be sent: ${why}.`, hint: null });
}

async function attempt(door: Door, file: string, edit: Document, by: string | null, work: () => Promise<void>) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reject(door, file, { task: null, by, edit, code: error.code, reason: error.message, hint: error.hint });
  }
}
