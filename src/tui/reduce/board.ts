import type { Task } from '../../board/tasks/types.ts';
import type { Action } from '../bindings.ts';
import { type Entry, entriesOf, selectedEntry } from '../board.ts';
import type { Choice } from '../dialogs.ts';
import { answerForm, messageForm, queuedForm, taskForm } from '../forms.ts';
import { frameOf } from '../frame.ts';
import type { BoardAct, Effect, Step } from '../protocol.ts';
import type { Model } from '../state.ts';
import { boardPage, mostDetail } from '../view/board.ts';
import { topOf } from './help.ts';
import { change, type Handler, still } from './step.ts';

const effect = (act: BoardAct): Effect => ({ type: 'board', act });

/** Moves the cursor so many entries on, as far as there are some. */
export function moveEntry(model: Model, by: number): Step {
  const entries = entriesOf(model.board.data);
  const at = entries.findIndex(({ key }) => key === selectedEntry(model.board)?.key);
  const to = entries[Math.max(0, Math.min(at + by, entries.length - 1))];
  return to === undefined ? still(model) : change(model, { board: { ...model.board, selected: to.key, detailTop: 0 } });
}

const move =
  (byOf: (model: Model) => number): Handler =>
  (model) =>
    moveEntry(model, byOf(model));

const scroll =
  (by: number): Handler =>
  (model) => {
    const most = mostDetail(model, frameOf(model).list);
    const detailTop = Math.max(0, Math.min(most, model.board.detailTop + by));
    return change(model, { board: { ...model.board, detailTop } });
  };

const onEntry =
  (work: (model: Model, entry: Entry) => Step): Handler =>
  (model) => {
    const entry = selectedEntry(model.board);
    return entry === null ? still(model) : work(model, entry);
  };

const onTask = (work: (model: Model, task: Task) => Step): Handler =>
  onEntry((model, entry) => (entry.kind === 'task' ? work(model, entry.task) : still(model)));

const prioritise = (by: 1 | -1) =>
  onTask((model, { id, priority }) =>
    priority + by < 1 ? still(model) : change(model, {}, effect({ do: 'prioritise', task: id, by })),
  );

const edit = onEntry((model, entry) => {
  switch (entry.kind) {
    case 'question':
      return change(model, { mode: { kind: 'form', form: answerForm(entry.message) } });
    case 'task':
      return change(model, { mode: { kind: 'form', form: taskForm(entry.task) } });
    case 'prompt':
      return change(model, { mode: { kind: 'form', form: queuedForm(entry.prompt) } });
    case 'message':
      return change(model, { mode: { kind: 'form', form: messageForm(entry.message) } });
  }
});

const assign = onTask((model, { id, claimedBy }) => {
  const people = model.board.data?.people.filter(({ name }) => name !== claimedBy) ?? [];
  const options = people.map(({ id: to, name }, index) => ({
    key: index < 9 ? String(index + 1) : '',
    label: name,
    effect: effect({ do: 'assign', task: id, to }),
  }));
  return chosen(model, { title: `Give ${id} to`, lines: [], options, cursor: 0 });
});

const cancel = onEntry((model, entry) => {
  if (entry.kind === 'task') return chosen(model, cancelChoice(entry.task));
  const [title, act]: [string, BoardAct] =
    entry.kind === 'prompt'
      ? [
          `Take back the prompt that waits for ${entry.prompt.name}?`,
          { do: 'take-back-prompt', message: entry.prompt.message, agent: entry.prompt.agent },
        ]
      : [`Take back the message to ${entry.message.to}?`, { do: 'take-back-message', message: entry.message.id }];
  const ask = { title, lines: [], yes: 'take it back', onYes: effect(act), onNo: null, since: 0 };
  return change(model, { mode: { kind: 'ask', ask } });
});

/** What can be done with a task that shall not go on as it is. */
function cancelChoice({ id, status, claimedBy, reason }: Task): Choice {
  const option = (key: string, label: string, what: 'release' | 'block' | 'fail' | 'remove') => ({
    ...{ key, label },
    effect: effect({ do: what, task: id }),
  });
  const over = status === 'done' || status === 'failed';
  const options = [
    ...(status === 'available' ? [] : [option('r', over ? 'do it again' : 'back to the queue', 'release')]),
    ...(over || status === 'blocked' ? [] : [option('b', 'block it: nobody gets it until it is put back', 'block')]),
    ...(over ? [] : [option('f', 'fail it: what waits for it waits on', 'fail')]),
    ...(status === 'claimed' ? [] : [option('d', 'remove it', 'remove')]),
  ];
  const lines = [`${status}${claimedBy === null ? '' : ` by ${claimedBy}`}${reason === null ? '' : `: ${reason}`}`];
  return { title: `What shall become of ${id}?`, lines, options, cursor: 0 };
}

const chosen = (model: Model, choice: Choice): Step =>
  choice.options.length === 0 ? still(model) : change(model, { mode: { kind: 'choose', choice } });

/** What each key of the board does. */
export const BOARD = {
  'board-down': move(() => 1),
  'board-up': move(() => -1),
  'board-first': move(() => Number.NEGATIVE_INFINITY),
  'board-last': move(({ board }) => entriesOf(board.data).length),
  'board-page-down': move(boardPage),
  'board-page-up': move((model) => -boardPage(model)),
  'board-scroll-down': scroll(3),
  'board-scroll-up': scroll(-3),
  'board-answer': edit,
  'board-edit': edit,
  'board-assign': assign,
  'board-raise': prioritise(-1),
  'board-lower': prioritise(1),
  'board-cancel': cancel,
  'board-new': (model) => change(model, { mode: { kind: 'form', form: taskForm(null) } }),
  'board-help': (model) => change(model, { mode: { kind: 'help', top: topOf(model, 'Board') } }),
  'board-close': (model) => change(model, { mode: { kind: 'browse' }, board: { ...model.board, open: false } }),
} as const satisfies Partial<Record<Action, Handler>>;
