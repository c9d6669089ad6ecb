import { boxInput, earlyInput } from './box.ts';
import { dialogInput } from './dialog.ts';
import type { Input } from './input.ts';
import type { Modes } from './modes.ts';
import { type Change, type Dialog, type Entry, type Prompt, permission, type State, trust } from './state.ts';
import { endTurn, submit } from './turn.ts';

export type Event =
  | { readonly type: 'input'; readonly input: Input; readonly at: number }
  /** The time of starting is over. */
  | { readonly type: 'started' }
  | { readonly type: 'submit'; readonly prompt: Prompt; readonly at: number }
  | { readonly type: 'show'; readonly entry: Entry }
  | { readonly type: 'ask'; readonly dialog: Dialog }
  | { readonly type: 'title'; readonly text: string }
  | { readonly type: 'hang' }
  | { readonly type: 'turn-end'; readonly at: number };

/** What becomes of the state, and what the world has to do about it. Pure. */
export function reduce(state: State, event: Event, modes: Modes): Change {
  switch (event.type) {
    case 'started':
      return modes.trust ? { state: { ...state, dialog: trust }, effects: [] } : ready(state, modes);
    case 'input':
      return onInput(state, event.input, event.at, modes);
    case 'submit':
      return submit(state, event.prompt, event.at, modes);
    case 'show':
      return only({ ...state, transcript: [...state.transcript, event.entry] });
    case 'ask':
      return only({ ...state, dialog: event.dialog });
    case 'title':
      return only({ ...state, title: event.text });
    case 'hang':
      return only({ ...state, phase: 'hung' });
    case 'turn-end':
      return endTurn(state, event.at);
  }
}

function only(state: State): Change {
  return { state, effects: [] };
}

function ready(state: State, modes: Modes): Change {
  const asks = modes.dialog === 'start';
  const dialog = asks ? permission : null;
  return { state: { ...state, phase: 'idle', dialog, asked: asks }, effects: [{ do: 'ready' }] };
}

function onInput(state: State, input: Input, at: number, modes: Modes): Change {
  if (state.phase === 'hung') return only(state);
  if (state.dialog) return onDialog(state, state.dialog, input, modes);
  if (state.phase === 'starting') return earlyInput(state, input, modes);
  const change = boxInput(state, input, at, modes);
  return change.effects.some((effect) => effect.do === 'interrupt') ? interrupted(change, at, modes) : change;
}

function onDialog(state: State, dialog: Dialog, input: Input, modes: Modes): Change {
  const change = dialogInput(state, dialog, input);
  const answer = change.effects.find((effect) => effect.do === 'answer');
  if (answer?.do !== 'answer' || dialog.kind !== 'trust') return change;
  if (answer.option !== 0) return { state: change.state, effects: [...change.effects, { do: 'exit', code: 1 }] };
  const after = ready(change.state, modes);
  return { state: after.state, effects: [...change.effects, ...after.effects] };
}

function interrupted(change: Change, at: number, modes: Modes): Change {
  const note: Entry = { kind: 'note', text: 'Interrupted · What should I do instead?' };
  const { transcript } = change.state;
  const last = transcript.at(-1);
  const restores = modes.restore && last?.kind === 'user';
  const draft = restores ? [{ text: last.text, label: null }] : change.state.draft;
  const after = endTurn({ ...change.state, draft, transcript: [...transcript, note] }, at);
  return { state: after.state, effects: [...change.effects, ...after.effects] };
}
