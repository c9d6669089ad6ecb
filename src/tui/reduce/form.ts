import type { Action } from '../bindings.ts';
import type { Field, Form, Purpose } from '../dialogs.ts';
import { edited, insert } from '../edit.ts';
import type { BoardAct, Effect, Step, TaskText } from '../protocol.ts';
import type { Model } from '../state.ts';
import { change, closed, type Handler, still } from './step.ts';

/** Most agents of one CLI that a form asks for. */
const MOST = 20;

const within =
  (work: (model: Model, form: Form) => Step): Handler =>
  (model) =>
    model.mode.kind === 'form' ? work(model, model.mode.form) : still(model);

const show = (model: Model, form: Form): Step => change(model, { mode: { kind: 'form', form } });

const focus = (by: number) =>
  within((model, form) => {
    const count = form.fields.length;
    return show(model, { ...form, focus: (form.focus + by + count) % count });
  });

/** Keys of a form beyond those that edit its fields. */
export const FORM = {
  'form-submit': within((model, form) => {
    const answer = effectOf(form);
    return 'problem' in answer
      ? show(model, { ...form, ...answer })
      : closed({ ...model, marked: markedAfter(model, form), sent: [...model.sent, { form, effect: answer }] }, answer);
  }),
  'form-newline': within((model, form) => show(model, typed(form, '\n'))),
  'form-next': focus(1),
  'form-previous': focus(-1),
  'form-cancel': (model) => closed(model),
} as const satisfies Partial<Record<Action, Handler>>;

/** Who got a broadcast is marked no more. */
const markedAfter = ({ marked }: Model, { purpose }: Form) =>
  purpose.what === 'broadcast' ? new Set<string>() : marked;

/** Refused forms that are kept. */
const MOST_REFUSED = 5;

/**
 * What was typed into a form is kept where its action was refused; of a broadcast for those alone whom it did not reach,
 * who are marked again: the others would get it twice.
 */
export function formEnded(model: Model, effect: Effect, problem: string | null, missed: readonly string[]): Step {
  const sent = model.sent.find((one) => one.effect === effect);
  if (sent === undefined) return still(model);
  const others = model.sent.filter((one) => one !== sent);
  if (problem === null) return change(model, { sent: others });
  const { purpose } = sent.form;
  const left = purpose.what === 'broadcast' && missed.length > 0 ? { ...purpose, agents: missed } : purpose;
  const refused = [...model.refused, { ...sent.form, purpose: left, problem }].slice(-MOST_REFUSED);
  const marks = purpose.what === 'broadcast' && model.marked.size === 0 ? { marked: new Set(missed) } : {};
  return change(model, { sent: others, refused, ...marks });
}

/** The model with the form that opens now as it was when it was refused. */
export function reopened(model: Model, before: Model): Model {
  if (model.mode.kind !== 'form' || before.mode.kind === 'form') return model;
  const wanted = keyOf(model.mode.form.purpose);
  const kept = model.refused.findLast(({ purpose }) => keyOf(purpose) === wanted);
  if (kept === undefined) return model;
  const refused = model.refused.filter((one) => one !== kept);
  return { ...model, refused, mode: { kind: 'form', form: { ...kept, title: model.mode.form.title } } };
}

/** The same for the same agents, in whatever order the list has them. */
const keyOf = (purpose: Purpose): string =>
  JSON.stringify('agents' in purpose ? { ...purpose, agents: purpose.agents.toSorted() } : purpose);

/** A key that edits the field in focus; up and down leave it where it has no line to go to. */
export function formKey(model: Model, key: string): Step {
  if (model.mode.kind !== 'form') return still(model);
  const { form } = model.mode;
  const field = form.fields[form.focus];
  if (field === undefined) return still(model);
  const next = field.kind === 'crew' ? crewKey(field, key) : draftKey(field, key);
  if (next !== null) return show(model, { ...form, problem: null, fields: replaced(form, next) });
  return key === 'Up' || key === 'Down' ? focus(key === 'Up' ? -1 : 1)(model, 0) : still(model);
}

/** A paste into the field in focus; in a line, its line ends are blanks. */
export function formPaste(model: Model, text: string): Step {
  return model.mode.kind === 'form' ? show(model, typed(model.mode.form, text)) : still(model);
}

function typed(form: Form, text: string): Form {
  const field = form.fields[form.focus];
  if (field === undefined || field.kind === 'crew') return form;
  const added = field.kind === 'line' ? text.replace(/\n/g, ' ').trim() : text;
  return { ...form, problem: null, fields: replaced(form, { ...field, draft: insert(field.draft, added) }) };
}

const replaced = (form: Form, field: Field): Field[] =>
  form.fields.map((old, index) => (index === form.focus ? field : old));

function draftKey(field: Exclude<Field, { kind: 'crew' }>, key: string): Field | null {
  const draft = edited(field.draft, key);
  return draft === null ? null : { ...field, draft };
}

function crewKey(field: Extract<Field, { kind: 'crew' }>, key: string): Field | null {
  const { crew, cursor } = field;
  if (key === 'Left' || key === 'Right') {
    return { ...field, cursor: Math.max(0, Math.min(cursor + (key === 'Left' ? -1 : 1), crew.length - 1)) };
  }
  const count = crew[cursor]?.count ?? 0;
  const counted = countAfter(count, key);
  if (counted === null) return null;
  return { ...field, crew: crew.map((one, index) => (index === cursor ? { ...one, count: counted } : one)) };
}

function countAfter(count: number, key: string): number | null {
  if (/^\d$/.test(key)) return Number(key);
  if (key === '+' || key === '=') return Math.min(MOST, count + 1);
  if (key === '-') return Math.max(0, count - 1);
  return key === 'Space' ? (count > 0 ? 0 : 1) : null;
}

/** What a filled form asks for, or why it can't be taken. */
function effectOf({ purpose, fields }: Form): Effect | { readonly problem: string } {
  const text = (name: string) => {
    const field = fields.find((one) => one.name === name);
    return field === undefined || field.kind === 'crew' ? '' : field.draft.text.trim();
  };
  switch (purpose.what) {
    case 'prompt':
    case 'broadcast':
      if (text('prompt') === '') return { problem: 'The prompt is empty.' };
      return { type: 'prompt', agents: purpose.agents, text: text('prompt') };
    case 'rename':
      if (text('name') === '') return { problem: 'Expected a name.' };
      return { type: 'rename', agent: purpose.agent, name: text('name') };
    case 'fork':
      if (text('ticket') === '') return { problem: 'Expected a ticket: it names the new branch.' };
      return { type: 'fork', agent: purpose.agent, ticket: text('ticket'), prompt: text('prompt') };
    case 'answer':
      if (text('answer') === '') return { problem: 'The answer is empty.' };
      return onBoard({ do: 'answer', question: purpose.question, text: text('answer') });
    case 'task': {
      const wish = taskText(text);
      if ('problem' in wish) return wish;
      return onBoard(purpose.task === null ? { do: 'add', wish } : { do: 'edit', task: purpose.task, wish });
    }
    case 'reword-message':
      if (text('text') === '') return { problem: 'The message is empty; x in the list takes it back.' };
      return onBoard({ do: 'reword-message', message: purpose.message, text: text('text') });
    case 'reword-prompt':
      if (text('text') === '') return { problem: 'The prompt is empty; x in the list takes it back.' };
      return onBoard({ do: 'reword-prompt', message: purpose.message, agent: purpose.agent, text: text('text') });
    case 'commit':
      return { type: 'commit', agent: purpose.agent, message: text('message') };
    case 'new': {
      const crew = fields.flatMap((field) =>
        field.kind === 'crew' ? field.crew.filter(({ count }) => count > 0) : [],
      );
      if (crew.length === 0) return { problem: 'No agent CLI is chosen: space takes one, a digit several.' };
      if (text('ticket') === '' && text('prompt') === '') return { problem: 'Expected a ticket, a prompt, or both.' };
      const [ticket, prompt, base, branch] = [text('ticket'), text('prompt'), text('base'), text('branch')];
      return { type: 'spawn', wanted: { ticket, prompt, crew, base, branch } };
    }
  }
}

const onBoard = (act: BoardAct): Effect => ({ type: 'board', act });

/** A task as it was typed, or why it can't be one. */
function taskText(text: (name: string) => string): TaskText | { readonly problem: string } {
  const list = (name: string) =>
    text(name)
      .split(/[\s,]+/)
      .filter((word) => word !== '');
  const priority = text('priority') === '' ? 3 : Number(text('priority'));
  if (text('task') === '') return { problem: 'Expected what to do.' };
  if (!Number.isInteger(priority) || priority < 1) return { problem: 'A priority is a whole number; 1 is first.' };
  const [dependencies, files, scope] = [list('after'), list('files'), list('scope')];
  return { description: text('task'), priority, dependencies, files, scope, hints: text('hints') };
}
