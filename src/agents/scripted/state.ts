import type { Modes } from './modes.ts';

export type Source = 'typed' | 'pasted' | 'argument';

export interface Prompt {
  readonly text: string;
  readonly source: Source;
}

/** A piece of what is in the input box. */
export interface Part {
  readonly text: string;
  /** Shown instead of the text: a long paste. */
  readonly label: string | null;
}

/** Something that a person must answer; it takes the box's place. */
export interface Dialog {
  readonly kind: 'permission' | 'question' | 'trust';
  readonly text: string;
  readonly options: readonly string[];
  readonly selected: number;
}

/** A piece of what was said and done, oldest first on the screen. */
export interface Entry {
  readonly kind: 'user' | 'agent' | 'tool' | 'result' | 'error' | 'note' | 'print';
  readonly text: string;
}

export interface State {
  /** `hung`: alive, and answers nothing. */
  readonly phase: 'starting' | 'idle' | 'working' | 'hung';
  readonly draft: readonly Part[];
  /** Whether some of the draft was pasted. */
  readonly pasted: boolean;
  /** Long pastes so far: they are numbered. */
  readonly pastes: number;
  readonly transcript: readonly Entry[];
  /** Prompts that wait for the turn's end. */
  readonly queue: readonly Prompt[];
  readonly dialog: Dialog | null;
  /** In place of the footer. */
  readonly notice: string | null;
  /** Milliseconds, of the clock that `at` of the events is of. */
  readonly workingSince: number | null;
  readonly lastInput: number;
  readonly lastInterrupt: number;
  /** Enters that are still to be swallowed. */
  readonly enters: number;
  /** Whether the dialog of the mode was shown. */
  readonly asked: boolean;
  readonly turns: number;
  readonly title: string | null;
}

/** What the world has to do about a change. */
export type Effect =
  /** A prompt was accepted: it is on its way, whatever happens next. */
  | { readonly do: 'received'; readonly prompt: Prompt; readonly queued: boolean }
  | { readonly do: 'command'; readonly text: string; readonly source: Source }
  /** Keys or a paste that came to nothing, or not to what was meant. */
  | {
      readonly do: 'swallowed';
      readonly text: string;
      readonly why: 'starting' | 'dialog' | 'eaten' | 'ignored' | 'burst';
    }
  | { readonly do: 'ready' }
  | { readonly do: 'turn'; readonly prompt: Prompt; readonly turn: number }
  | { readonly do: 'interrupt' }
  /** Null: cancelled. */
  | { readonly do: 'answer'; readonly dialog: Dialog; readonly option: number | null }
  | { readonly do: 'exit'; readonly code: number };

export interface Change {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export function newState(modes: Modes): State {
  return {
    phase: 'starting',
    draft: [],
    pasted: false,
    pastes: 0,
    transcript: [],
    queue: [],
    dialog: null,
    notice: null,
    workingSince: null,
    lastInput: Number.NEGATIVE_INFINITY,
    lastInterrupt: Number.NEGATIVE_INFINITY,
    enters: modes.eatEnter,
    asked: false,
    turns: 0,
    title: null,
  };
}

/** The question that the `dialog` mode asks. */
export const permission: Dialog = {
  kind: 'permission',
  text: 'Do you want to proceed?',
  options: ['Yes', 'No'],
  selected: 0,
};

/** As in real ones, the safe answer is chosen beforehand: a blind Enter leaves. */
export const trust: Dialog = {
  kind: 'trust',
  text: 'Do you trust the files in this folder?',
  options: ['Yes, proceed', 'No, exit'],
  selected: 1,
};

/** The draft as the prompt that it would be. */
export function draftText(state: State): string {
  return state.draft.map(({ text }) => text).join('');
}
