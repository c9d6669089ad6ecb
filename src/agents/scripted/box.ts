import type { Input, Key } from './input.ts';
import type { Modes } from './modes.ts';
import { type Change, draftText, type Part, permission, type State } from './state.ts';
import { submit } from './turn.ts';

/** A paste of more lines or characters than this is shown by its size only. */
const MOST_LINES = 10;
const MOST_CHARACTERS = 1000;

/** Milliseconds within which a second C-c leaves. */
const TWICE = 3000;

/** A key or text for the input box. */
export function boxInput(before: State, input: Input, at: number, modes: Modes): Change {
  const state = before.notice === null ? before : { ...before, notice: null };
  if (input.type === 'key') return key(state, input.key, at, modes);
  if (input.type === 'text') return only(typed({ ...state, lastInput: at }, input.text));
  if (modes.ignorePaste) return swallowed(state, input.text, 'ignored');
  const next = pasted({ ...state, lastInput: at }, input.text);
  const asks = modes.dialog === 'after-paste' && !state.asked;
  return only(asks ? { ...next, dialog: permission, asked: true } : next);
}

/** Before it is ready: text is lost or kept, and nothing is submitted. */
export function earlyInput(state: State, input: Input, modes: Modes): Change {
  const newline = input.type === 'key' && (input.key === 'enter' || input.key === 'newline');
  if (input.type === 'key' && !newline) return only(state);
  const text = input.type === 'key' ? '\n' : input.text;
  return modes.early === 'lost' ? swallowed(state, text, 'starting') : only(typed(state, text));
}

function key(state: State, name: Key, at: number, modes: Modes): Change {
  switch (name) {
    case 'enter':
      return enter(state, at, modes);
    case 'newline':
      return only(typed({ ...state, lastInput: at }, '\n'));
    case 'backspace':
      return only({ ...state, draft: shortened(state.draft) });
    case 'C-u':
      return only(modes.clearKeys.includes('C-u') ? cleared(state) : state);
    case 'C-c':
      return interruptKey(state, at, modes);
    case 'escape':
      if (state.phase === 'working') return { state, effects: [{ do: 'interrupt' }] };
      return only(modes.clearKeys.includes('Escape') ? cleared(state) : state);
    case 'C-d':
      return state.draft.length === 0 && state.phase === 'idle'
        ? { state, effects: [{ do: 'exit', code: 0 }] }
        : only(state);
    default:
      return only(state);
  }
}

function enter(state: State, at: number, modes: Modes): Change {
  if (state.enters > 0) return swallowed({ ...state, enters: state.enters - 1 }, '\r', 'eaten');
  if (at - state.lastInput < modes.burst) return swallowed(typed({ ...state, lastInput: at }, '\n'), '\r', 'burst');
  const last = state.draft.at(-1);
  if (last?.label === null && last.text.endsWith('\\'))
    return only(typed({ ...state, draft: shortened(state.draft) }, '\n'));
  const text = draftText(state);
  if (text === '') return only(state);
  return submit(cleared(state), { text, source: state.pasted ? 'pasted' : 'typed' }, at, modes);
}

function interruptKey(state: State, at: number, modes: Modes): Change {
  if (state.draft.length > 0) return only(modes.clearKeys.includes('C-c') ? cleared(state) : state);
  if (state.phase === 'working') return { state, effects: [{ do: 'interrupt' }] };
  if (at - state.lastInterrupt < TWICE) return { state, effects: [{ do: 'exit', code: 0 }] };
  return only({ ...state, lastInterrupt: at, notice: 'Press Ctrl-C again to exit' });
}

function typed(state: State, text: string): State {
  if (text === '') return state;
  const last = state.draft.at(-1);
  const joined: readonly Part[] =
    last?.label === null
      ? [...state.draft.slice(0, -1), { text: last.text + text, label: null }]
      : [...state.draft, { text, label: null }];
  return { ...state, draft: joined };
}

function pasted(state: State, text: string): State {
  const lines = text.split(/\r\n|\r|\n/).length;
  if (lines <= MOST_LINES && text.length <= MOST_CHARACTERS) return { ...typed(state, text), pasted: true };
  const pastes = state.pastes + 1;
  const label =
    lines > 1 ? `[Pasted text #${pastes} +${lines} lines]` : `[Pasted text #${pastes} ${text.length} characters]`;
  return { ...state, pastes, pasted: true, draft: [...state.draft, { text, label }] };
}

/** Without its last character, or without the long paste at its end. */
function shortened(draft: readonly Part[]): readonly Part[] {
  const last = draft.at(-1);
  if (!last) return draft;
  const rest = draft.slice(0, -1);
  const text = last.label === null ? Array.from(last.text).slice(0, -1).join('') : '';
  return text === '' ? rest : [...rest, { text, label: null }];
}

function cleared(state: State): State {
  return { ...state, draft: [], pasted: false };
}

function only(state: State): Change {
  return { state, effects: [] };
}

function swallowed(state: State, text: string, why: 'starting' | 'eaten' | 'ignored' | 'burst'): Change {
  return { state, effects: [{ do: 'swallowed', text, why }] };
}
