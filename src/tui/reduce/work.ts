import { plainYes } from '../../agents/approve/choose.ts';
import type { LiveAgent } from '../../agents/live.ts';
import { oneLine } from '../../lib/text.ts';
import type { Action } from '../bindings.ts';
import type { Choice } from '../dialogs.ts';
import { commitForm, forkForm, newForm, promptForm, renameForm } from '../forms.ts';
import type { Effect, Step } from '../protocol.ts';
import { chosenAgents, selectedAgent } from '../select.ts';
import type { Model, Undo } from '../state.ts';
import { hasEnded, isBusy } from '../status.ts';
import { change, type Handler, reordered, still } from './step.ts';

const one =
  (work: (model: Model, live: LiveAgent, now: number) => Step): Handler =>
  (model, now) => {
    const live = selectedAgent(model);
    return live === null ? still(model) : work(model, live, now);
  };

const many =
  (work: (model: Model, agents: readonly LiveAgent[]) => Step): Handler =>
  (model) => {
    const agents = chosenAgents(model);
    return agents.length === 0 ? still(model) : work(model, agents);
  };

const idsOf = (agents: readonly LiveAgent[]) => agents.map(({ agent }) => agent.id);
const namesOf = (agents: readonly LiveAgent[]) => agents.map(({ agent }) => agent.name).join(', ');

/** Asks first where somebody is at work: what is cut off may not come back. */
function guarded(model: Model, agents: readonly LiveAgent[], effect: Effect, title: string, yes: string): Step {
  const busy = agents.filter(({ agent }) => isBusy(agent.status));
  if (busy.length === 0) return change(model, { marked: new Set() }, effect);
  const lines = busy.map(({ agent }) => `${agent.name} is ${agent.status}: ${agent.reason ?? 'no reason known'}`);
  const ask = { title, lines, yes, onYes: effect, onNo: null, since: 0 };
  return change(model, { mode: { kind: 'ask', ask } });
}

const end = (what: 'stop' | 'pause') =>
  many((model, agents) => {
    const living = agents.filter(({ agent: { status } }) =>
      what === 'stop' ? !hasEnded(status) : status !== 'paused',
    );
    const title = `${what === 'stop' ? 'Stop' : 'Pause'} ${namesOf(living)}?`;
    return guarded(model, living, { type: what, agents: idsOf(living) }, title, what);
  });

const revive = many((model, agents) => {
  const effect: Effect = { type: 'revive', agents: idsOf(agents) };
  return guarded(model, agents, effect, `Restart ${namesOf(agents)}?`, 'restart');
});

const copy = one((model, { agent }) => {
  const texts = [
    { key: 'p', label: 'path of the worktree', text: agent.worktree },
    { key: 'b', label: 'branch', text: agent.branch },
    { key: 'n', label: 'name', text: agent.name },
  ];
  const plain = texts.flatMap(({ key, label, text }) =>
    text === null ? [] : [{ key, label: `${label}: ${text}`, effect: { type: 'copy', text, what: label } as const }],
  );
  const output = { key: 'o', label: 'what it shows', effect: { type: 'copy-output', agent: agent.id } as const };
  const choice: Choice = { title: `Copy of ${agent.name}`, lines: [], options: [...plain, output], cursor: 0 };
  return change(model, { mode: { kind: 'choose', choice } });
});

const hide = many((model, agents) => {
  const ids = idsOf(agents);
  const away = ids.every((id) => model.hidden.has(id));
  const hidden = new Set(away ? [...model.hidden].filter((id) => !ids.includes(id)) : [...model.hidden, ...ids]);
  const undo: readonly Undo[] = away ? model.undo : [...model.undo, { what: 'hide', agents: ids }];
  return reordered({ ...model, hidden, undo, marked: new Set() });
});

function undo(model: Model): Step {
  const last = model.undo.at(-1);
  const rest = { undo: model.undo.slice(0, -1) };
  if (last === undefined) return still(model);
  if (last.what === 'hide') {
    const hidden = new Set([...model.hidden].filter((id) => !last.agents.includes(id)));
    return reordered({ ...model, ...rest, hidden });
  }
  if (last.what === 'remove') return change(model, rest, { type: 'restore', names: last.names });
  return change(model, rest, { type: 'revive', agents: last.agents });
}

/** Shows the question and what would be pressed for each answer; `plain`: only the one that allows this one thing. */
const answer = (plain: boolean) =>
  one((model, { agent, question }) => {
    if (question === null) return still(model);
    const yes = plain ? plainYes(question) : null;
    const options = question.options.flatMap((option, index) => {
      const effect = { type: 'approve', agent: agent.id, option: index + 1, question } as const;
      const label = `${oneLine(option.label)}   (presses ${option.key})`;
      return yes !== null && option !== yes ? [] : [{ key: yes === null ? String(index + 1) : 'y', label, effect }];
    });
    const cursor =
      yes === null
        ? Math.max(
            0,
            question.options.findIndex(({ selected }) => selected),
          )
        : 0;
    const title = `${agent.name} asks: ${oneLine(question.text)}`;
    const lines = question.subject === null ? [] : [`${question.subject.kind}: ${question.subject.what}`];
    return change(model, { mode: { kind: 'choose', choice: { title, lines, options, cursor } } });
  });

/** What each action on agents does. */
export const WORK = {
  prompt: one((model, live) => change(model, { mode: { kind: 'form', form: promptForm('prompt', [live]) } })),
  broadcast: (model) => change(model, { mode: { kind: 'form', form: promptForm('broadcast', chosenAgents(model)) } }),
  approve: answer(true),
  answer: answer(false),
  type: one((model, { agent }) =>
    change(model, { mode: { kind: 'live', agent: agent.id }, tab: 'screen', paneTop: 0 }),
  ),
  'type-leave': (model) => change(model, { mode: { kind: 'browse' } }),
  new: (model) => change(model, { mode: { kind: 'form', form: newForm(model.setting.clis, '') } }),
  'new-from': one((model, { agent }) =>
    change(model, { mode: { kind: 'form', form: newForm(model.setting.clis, agent.branch ?? '') } }),
  ),
  mark: one((model, { agent }, now) => {
    const marked = new Set(model.marked);
    if (!marked.delete(agent.id)) marked.add(agent.id);
    const next = model.order[model.order.indexOf(agent.id) + 1] ?? agent.id;
    return change(model, { marked, selected: next, frozenUntil: now + 1000 });
  }),
  commit: one((model, live) => change(model, { mode: { kind: 'form', form: commitForm(live) } })),
  merge: one((model, { agent }) => change(model, {}, { type: 'ask-merge', agent: agent.id })),
  pull: one((model, { agent }) => change(model, {}, { type: 'ask-pull', agent: agent.id })),
  stop: end('stop'),
  pause: end('pause'),
  resume: revive,
  rename: one((model, live) => change(model, { mode: { kind: 'form', form: renameForm(live) } })),
  fork: one((model, live) => change(model, { mode: { kind: 'form', form: forkForm(live) } })),
  remove: many((model, agents) => change(model, {}, { type: 'ask-remove', agents: idsOf(agents) })),
  undo,
  hide,
  'show-hidden': (model) => reordered({ ...model, showHidden: !model.showHidden }),
  copy,
  take: one((model, { agent }) => change(model, {}, { type: 'take', agent: agent.id, take: !agent.takenOver })),
  shell: one((model, { agent }) => change(model, {}, { type: 'shell', agent: agent.id })),
  editor: one((model, { agent }) => change(model, {}, { type: 'editor', agent: agent.id })),
} as const satisfies Partial<Record<Action, Handler>>;
