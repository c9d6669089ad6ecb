import type { LiveAgent } from '../agents/live.ts';
import type { Question } from '../agents/question.ts';
import type { Screen } from '../agents/screen.ts';
import type { BoardData } from './board.ts';
import type { Ask } from './dialogs.ts';
import type { Input, Mouse } from './input/decode.ts';
import type { Model, Notice, Tab, TabData, Undo } from './state.ts';

/** What a new agent shall be. */
export interface NewAgent {
  readonly ticket: string;
  readonly prompt: string;
  readonly crew: readonly { readonly cli: string; readonly count: number }[];
  readonly base: string;
  readonly branch: string;
}

/** What a person wants of a task; lists as they are typed. */
export interface TaskText {
  readonly description: string;
  readonly priority: number;
  readonly dependencies: readonly string[];
  readonly files: readonly string[];
  readonly scope: readonly string[];
  readonly hints: string;
}

/** What the person does on the board. */
export type BoardAct =
  /** Reads it, and goes on doing so while it is shown. */
  | { readonly do: 'read' }
  | { readonly do: 'answer'; readonly question: string; readonly text: string }
  | { readonly do: 'add'; readonly wish: TaskText }
  | { readonly do: 'edit'; readonly task: string; readonly wish: TaskText }
  /** So much later than it is by then, or sooner: what was last read may be old. */
  | { readonly do: 'prioritise'; readonly task: string; readonly by: 1 | -1 }
  /** To a participant's id. */
  | { readonly do: 'assign'; readonly task: string; readonly to: string }
  | { readonly do: 'release' | 'block' | 'fail' | 'remove'; readonly task: string }
  | { readonly do: 'take-back-message'; readonly message: string }
  | { readonly do: 'reword-message'; readonly message: string; readonly text: string }
  | { readonly do: 'take-back-prompt'; readonly message: string; readonly agent: string }
  | { readonly do: 'reword-prompt'; readonly message: string; readonly agent: string; readonly text: string };

/** What the reducer wants done outside of the model. */
export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'attach'; readonly agent: string }
  | { readonly type: 'seen'; readonly agent: string }
  /** Messages to the person, by id, that they have seen on the board. */
  | { readonly type: 'read'; readonly messages: readonly string[] }
  | { readonly type: 'load'; readonly agent: string; readonly tab: Tab }
  | { readonly type: 'keys'; readonly agent: string; readonly input: Input }
  | { readonly type: 'prompt'; readonly agents: readonly string[]; readonly text: string }
  | { readonly type: 'spawn'; readonly wanted: NewAgent }
  | { readonly type: 'fork'; readonly agent: string; readonly ticket: string; readonly prompt: string }
  | { readonly type: 'rename'; readonly agent: string; readonly name: string }
  /** Commits what is in its worktree; an empty message is made of the names of the files. */
  | { readonly type: 'commit'; readonly agent: string; readonly message: string }
  /** Finds out what merging, or a pull request, would come to, and asks. */
  | { readonly type: 'ask-merge' | 'ask-pull'; readonly agent: string }
  | { readonly type: 'stop' | 'pause'; readonly agents: readonly string[] }
  /** Resumes who is paused, and restarts the others. */
  | { readonly type: 'revive'; readonly agents: readonly string[] }
  /** Finds out what removing would lose, and asks. */
  | { readonly type: 'ask-remove'; readonly agents: readonly string[] }
  | { readonly type: 'restore'; readonly names: readonly string[] }
  /** Gives the answer of that number (from 1) to the question that the person has seen. */
  | { readonly type: 'approve'; readonly agent: string; readonly option: number; readonly question: Question }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'copy-output'; readonly agent: string }
  | { readonly type: 'shell' | 'editor'; readonly agent: string }
  | { readonly type: 'board'; readonly act: BoardAct }
  /** Takes an agent over and goes to its window, or hands it back. */
  | { readonly type: 'take'; readonly agent: string; readonly take: boolean }
  /** The answer to a question that an action asked. */
  | { readonly type: 'answer'; readonly question: number; readonly yes: boolean };

/** What happened. */
export type Event =
  | { readonly type: 'key'; readonly key: string; readonly now: number }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'mouse'; readonly mouse: Mouse; readonly now: number }
  | { readonly type: 'resize'; readonly size: Model['size'] }
  | { readonly type: 'tick'; readonly now: number }
  | { readonly type: 'team'; readonly agents: readonly LiveAgent[]; readonly now: number }
  | { readonly type: 'branch'; readonly branch: string | null }
  | { readonly type: 'screen'; readonly agent: string; readonly screen: Screen | null }
  | { readonly type: 'data'; readonly data: TabData }
  | { readonly type: 'job'; readonly id: number; readonly text: string }
  | { readonly type: 'job-end'; readonly id: number; readonly notice: Notice | null; readonly undo: Undo | null }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** An action came to its end; why it failed, or null; of several agents those with which it failed, where that is known. */
  | {
      readonly type: 'ended';
      readonly effect: Effect;
      readonly problem: string | null;
      readonly missed: readonly string[];
    }
  | { readonly type: 'board'; readonly data: BoardData; readonly now: number }
  /** Questions that wait for the person. */
  | { readonly type: 'asks'; readonly count: number }
  /** An action asks the person. */
  | { readonly type: 'ask'; readonly ask: Ask };

/** The model after an event, and what it leads to. */
export interface Step {
  readonly model: Model;
  readonly effects: readonly Effect[];
}
