import type { LiveAgent } from '../agents/live.ts';
import type { Field, Form } from './dialogs.ts';
import { EMPTY } from './edit.ts';

const line = (name: string, label: string, placeholder: string, text = ''): Field => ({
  ...{ kind: 'line', name, label, placeholder },
  draft: { text, cursor: text.length },
});
const text = (name: string, placeholder: string): Field => ({
  ...{ kind: 'text', name, label: name, placeholder },
  draft: EMPTY,
});
const prompt = (placeholder: string) => text('prompt', placeholder);
const form = (wish: Pick<Form, 'title' | 'purpose' | 'fields' | 'submit'>): Form => ({
  ...wish,
  focus: 0,
  problem: null,
});

/** Asks for a prompt for these agents. */
export function promptForm(agents: readonly LiveAgent[]): Form {
  const names = agents.map(({ agent }) => agent.name);
  const title = names.length === 1 ? `Prompt ${names[0]}` : `Prompt ${names.length} agents: ${names.join(', ')}`;
  const purpose = { what: 'prompt', agents: agents.map(({ agent }) => agent.id) } as const;
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
  return form({ title: 'New agent', purpose: { what: 'new' }, fields, submit: 'create' });
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
