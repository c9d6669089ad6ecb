import type { Input } from './input.ts';
import type { Change, Dialog, State } from './state.ts';

/** A key while a question is open: arrows, a digit or Enter answer it; text and pastes come to nothing, as in real CLIs. */
export function dialogInput(state: State, dialog: Dialog, input: Input): Change {
  if (input.type === 'paste') return swallowed(state, input.text);
  if (input.type === 'text') {
    const option = /^[1-9]$/.test(input.text) ? Number(input.text) - 1 : -1;
    return option in dialog.options ? answered(state, dialog, option) : swallowed(state, input.text);
  }
  switch (input.key) {
    case 'enter':
      return answered(state, dialog, dialog.selected);
    case 'escape':
    case 'C-c':
      return answered(state, dialog, null);
    case 'up':
      return select(state, dialog, Math.max(0, dialog.selected - 1));
    case 'down':
      return select(state, dialog, Math.min(dialog.options.length - 1, dialog.selected + 1));
    case 'newline':
      return swallowed(state, '\n');
    case 'tab':
      return swallowed(state, '\t');
    default:
      return { state, effects: [] };
  }
}

function answered(state: State, dialog: Dialog, option: number | null): Change {
  return { state: { ...state, dialog: null }, effects: [{ do: 'answer', dialog, option }] };
}

function select(state: State, dialog: Dialog, selected: number): Change {
  return { state: { ...state, dialog: { ...dialog, selected } }, effects: [] };
}

function swallowed(state: State, text: string): Change {
  return { state, effects: [{ do: 'swallowed', text, why: 'dialog' }] };
}
