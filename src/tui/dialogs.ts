import type { Effect } from './protocol.ts';

/** Text with a cursor in it: an index into its UTF-16 units, never inside a character. */
export interface Draft {
  readonly text: string;
  readonly cursor: number;
}

interface FieldBase {
  readonly name: string;
  readonly label: string;
  /** Shown while it is empty. */
  readonly placeholder: string;
}

export type Field =
  | (FieldBase & { readonly kind: 'line' | 'text'; readonly draft: Draft })
  /** Agent CLIs and how many of each. */
  | (FieldBase & {
      readonly kind: 'crew';
      readonly crew: readonly { readonly cli: string; readonly count: number }[];
      readonly cursor: number;
    });

/** What a form's answers are for. */
export type Purpose =
  | { readonly what: 'prompt' | 'broadcast'; readonly agents: readonly string[] }
  | { readonly what: 'new'; readonly base: string }
  | { readonly what: 'rename' | 'fork' | 'commit'; readonly agent: string }
  | { readonly what: 'answer'; readonly question: string }
  /** Null: a new one. */
  | { readonly what: 'task'; readonly task: string | null }
  | { readonly what: 'reword-message'; readonly message: string }
  | { readonly what: 'reword-prompt'; readonly message: string; readonly agent: string };

export interface Form {
  readonly title: string;
  readonly purpose: Purpose;
  readonly fields: readonly Field[];
  readonly focus: number;
  /** Word for what Enter does. */
  readonly submit: string;
  /** Why it was not taken. */
  readonly problem: string | null;
}

/** A question to the person, answered with y or n; No by default. */
export interface Ask {
  readonly title: string;
  readonly lines: readonly string[];
  /** Word for what y does. */
  readonly yes: string;
  readonly onYes: Effect;
  readonly onNo: Effect | null;
  /** When it opened by itself, in milliseconds since 1970; 0 when a key opened it. */
  readonly since: number;
}

/** One of several things to do. */
export interface Choice {
  readonly title: string;
  readonly lines: readonly string[];
  readonly options: readonly { readonly key: string; readonly label: string; readonly effect: Effect }[];
  readonly cursor: number;
}
