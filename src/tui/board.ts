import type { Message } from '../board/messages/types.ts';
import type { Task } from '../board/tasks/types.ts';

/** A prompt that waits for its agent. */
export interface QueuedText {
  readonly message: string;
  /** Id and name of the agent. */
  readonly agent: string;
  readonly name: string;
  readonly text: string;
  readonly reason: string | null;
}

/** What the board's view shows. */
export interface BoardData {
  readonly goal: string | null;
  /** Questions without an answer, those to the person first. */
  readonly questions: readonly Message[];
  readonly tasks: readonly Task[];
  readonly prompts: readonly QueuedText[];
  /** The newest first; no questions. */
  readonly messages: readonly Message[];
  /** Who can be given a task. */
  readonly people: readonly { readonly id: string; readonly name: string }[];
}

/** The board in the view. */
export interface BoardState {
  /** It is shown in place of list and pane. */
  readonly open: boolean;
  /** Null until it was read. */
  readonly data: BoardData | null;
  /** Key of the entry that the cursor is on. */
  readonly selected: string | null;
  /** Lines that the details are scrolled down. */
  readonly detailTop: number;
  /** Questions that wait for the person. */
  readonly asks: number;
}

export const CLOSED_BOARD: BoardState = { open: false, data: null, selected: null, detailTop: 0, asks: 0 };

export type Entry =
  | { readonly kind: 'question' | 'message'; readonly key: string; readonly message: Message }
  | { readonly kind: 'task'; readonly key: string; readonly task: Task }
  | { readonly kind: 'prompt'; readonly key: string; readonly prompt: QueuedText };

/** Tasks in the order in which somebody looks for them: what goes on, what can be, what can't, what is over. */
const ORDER = ['claimed', 'available', 'blocked', 'failed', 'done'] as const;
/** Done tasks that are shown: the newest. */
const MOST_DONE = 100;

const known = new WeakMap<BoardData, readonly Entry[]>();

/** All that the cursor can be on, in its order. */
export function entriesOf(data: BoardData | null): readonly Entry[] {
  if (data === null) return [];
  const entries = known.get(data) ?? makeEntries(data);
  known.set(data, entries);
  return entries;
}

/** The entry that the cursor is on. */
export function selectedEntry({ data, selected }: BoardState): Entry | null {
  return entriesOf(data).find(({ key }) => key === selected) ?? null;
}

/** The board with what was read: the cursor stays on its entry, or goes to that one's neighbour where it is gone. */
export function withData(board: BoardState, data: BoardData): BoardState {
  const keys = entriesOf(data).map(({ key }) => key);
  if (board.selected !== null && keys.includes(board.selected)) return { ...board, data };
  const former = entriesOf(board.data).findIndex(({ key }) => key === board.selected);
  const selected = keys[Math.max(0, Math.min(former, keys.length - 1))] ?? null;
  return { ...board, data, selected, detailTop: 0 };
}

function makeEntries({ questions, tasks, prompts, messages }: BoardData): Entry[] {
  const ofMessage =
    (kind: 'question' | 'message') =>
    (message: Message): Entry => ({ kind, key: `${kind} ${message.id}`, message });
  return [
    ...questions.map(ofMessage('question')),
    ...inOrder(tasks).map((task): Entry => ({ kind: 'task', key: `task ${task.id}`, task })),
    ...prompts.map((prompt): Entry => ({ kind: 'prompt', key: `prompt ${prompt.message}`, prompt })),
    ...messages.map(ofMessage('message')),
  ];
}

function inOrder(tasks: readonly Task[]): Task[] {
  return ORDER.flatMap((status) => {
    const own = tasks.filter((task) => task.status === status);
    if (status !== 'done') return own;
    return own.toSorted((a, b) => (b.doneAt ?? '').localeCompare(a.doneAt ?? '')).slice(0, MOST_DONE);
  });
}
