import type { LiveAgent } from '../agents/live.ts';
import type { Message } from '../board/messages/types.ts';
import { numberedOptions } from '../board/options.ts';
import type { Task } from '../board/tasks/types.ts';
import type { QueuedText } from './board.ts';
import type { Field, Form } from './dialogs.ts';

const line = (name: string, label: string, placeholder: string, text = ''): Field => ({
  ...{ kind: 'line', name, label, placeholder },
  draft: { text, cursor: text.length },
});
const text = (name: string, placeholder: string, written = ''): Field => ({
  ...{ kind: 'text', name, label: name, placeholder },
  draft: { text: written, cursor: written.length },
});
const prompt = (placeholder: string) => text('prompt', placeholder);
const form = (wish: Pick<Form, 'title' | 'purpose' | 'fields' | 'submit'>): Form => ({
  ...wish,
  focus: 0,
  problem: null,
});

/** Asks for a prompt for these agents: a broadcast goes to those that are marked. */
export function promptForm(what: 'prompt' | 'broadcast', agents: readonly LiveAgent[]): Form {
  const names = agents.map(({ agent }) => agent.name);
  const title = names.length === 1 ? `Prompt ${names[0]}` : `Prompt ${names.length} agents: ${names.join(', ')}`;
  const purpose = { what, agents: agents.map(({ agent }) => agent.id) };
  return form({ title, purpose, fields: [prompt('what to do')], submit: 'send' });
}

/** Asks what a new agent shall be; `base` is where its branch starts, empty for the default branch. */
export function newForm(clis: readonly string[], base: string): Form {
  const crew = clis.map((cli, index) => ({ cli, count: index === 0 ? 1 : 0 }));
  const fields: readonly Field[] = [
    line('ticket', 'ticket', 'names the work and its branch; empty: from the prompt'),
    prompt('what to do'),
    { kind: 'crew', name: 'crew', label: 'agents', placeholder: '', crew, cursor: 0 },
    line('base', 'base', 'the default branch', base),
    line('branch', 'branch', 'from the ticket'),
  ];
  return form({ title: 'New agent', purpose: { what: 'new', base }, fields, submit: 'create' });
}

export function renameForm({ agent }: LiveAgent): Form {
  const purpose = { what: 'rename', agent: agent.id } as const;
  return form({
    title: `Rename ${agent.name}`,
    purpose,
    fields: [line('name', 'name', 'its new name', agent.name)],
    submit: 'rename',
  });
}

export function forkForm({ agent }: LiveAgent): Form {
  const purpose = { what: 'fork', agent: agent.id } as const;
  const fields = [
    line('ticket', 'ticket', 'names the new branch'),
    prompt('what the new one shall do; empty: nothing yet'),
  ];
  return form({ title: `Fork ${agent.name}, its uncommitted work too`, purpose, fields, submit: 'fork' });
}

/** Asks for the message of a commit of what is in an agent's worktree. */
export function commitForm({ agent }: LiveAgent): Form {
  const purpose = { what: 'commit', agent: agent.id } as const;
  const fields = [text('message', 'what was done; empty: the names of the files')];
  return form({ title: `Commit the work of ${agent.name}`, purpose, fields, submit: 'commit' });
}

/** Asks for the answer to a question of the board; its options can be named by their numbers. */
export function answerForm(question: Message): Form {
  const { id, from, text: asked } = question;
  const options = numberedOptions(question).map(({ number, text }) => (number === null ? text : `${number} ${text}`));
  const offered = options.join(', ');
  const fields = [text('answer', offered === '' ? 'what you answer' : `${offered}, or in your own words`)];
  return form({ title: `${from} asks: ${asked}`, purpose: { what: 'answer', question: id }, fields, submit: 'answer' });
}

/** Asks for a task's words; null: those of a new one. */
export function taskForm(task: Task | null): Form {
  const { files = [], hints = '' } = task?.context ?? {};
  const fields: readonly Field[] = [
    text('task', 'what to do', task?.description),
    line('priority', 'priority', '3; 1 is first', task === null ? '' : String(task.priority)),
    line('after', 'after', 'tasks that must be done first: task-001 task-002', task?.dependencies.join(' ')),
    line('files', 'files', 'files to look at', files.join(' ')),
    line('scope', 'scope', 'patterns of the files that it changes', task?.scope.join(' ')),
    line('hints', 'hints', 'what else helps', hints),
  ];
  const title = task === null ? 'New task' : `Change ${task.id}`;
  return form({
    title,
    purpose: { what: 'task', task: task?.id ?? null },
    fields,
    submit: task === null ? 'add' : 'change',
  });
}

/** Asks for other words in a message that nobody has got yet. */
export function messageForm({ id, to, text: words }: Message): Form {
  const purpose = { what: 'reword-message', message: id } as const;
  return form({
    title: `Change the message to ${to}`,
    purpose,
    fields: [text('text', 'what to say', words)],
    submit: 'change',
  });
}

/** The same in a prompt that waits. */
export function queuedForm({ message, agent, name, text: words }: QueuedText): Form {
  const purpose = { what: 'reword-prompt', message, agent } as const;
  return form({
    title: `Change the prompt that waits for ${name}`,
    purpose,
    fields: [text('text', 'what to do', words)],
    submit: 'change',
  });
}
