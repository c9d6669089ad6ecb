import type { Look, Screen, Subject } from '../screen.ts';
import type { TitleState } from './titles.ts';

/** What an adapter needs to make the command line of an agent. */
export interface StartOptions {
  /** The first prompt, guarded already ({@link AgentCli.guard}); null for none. */
  readonly prompt: string | null;
  readonly model: string | null;
  /** The user's arguments for the agent CLI, config's before the command line's. */
  readonly args: readonly string[];
  /** The agent's own folder in the session's state. */
  readonly agentDir: string;
  readonly worktree: string;
  /** Absolute path of `hooks/report`. */
  readonly reportHook: string;
  /** Folder that takes the agent's hook events. */
  readonly spool: string;
  readonly swarmBin: string;
  /** Names of the agent's variables that swarm's MCP server must see (`mcpVariables`). */
  readonly mcpVariables: readonly string[];
  /** Resolved program ({@link requireProgram}), or null to leave it to the PATH. */
  readonly program: string | null;
  readonly dialogsTrust: 'ask' | 'accept';
  readonly repoRoot: string;
  /** The environment that the agent gets; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

interface ResumeOptions extends StartOptions {
  readonly conversation: string;
}

/** How to start an agent. */
export interface StartPlan {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The first prompt is in the argv (or in a file that it names): nothing is left to type. */
  readonly promptTaken: boolean;
  /** Id of the conversation, where swarm may choose it or the arguments name it. */
  readonly conversation: string | null;
  /** Files of the agent's own, to be written with mode 0600 before the start (parents 0700). */
  readonly files?: readonly { readonly path: string; readonly content: string }[];
}

/** What one call of an agent's hook says. */
export interface HookState {
  /** Null: the event tells nothing about the state (a session's start, a subagent's end). */
  readonly state: 'working' | 'waiting' | 'idle' | null;
  /** For people: `PreToolUse Bash`. */
  readonly detail: string;
  /** The prompt that was taken in. */
  readonly prompt: string | null;
  readonly conversation: string | null;
  /** The last answer, when a turn ended. */
  readonly answer: string | null;
}

export interface Guarded {
  readonly text: string;
  /** What was changed, for the delivery; null for nothing. */
  readonly changed: string | null;
}

/** Everything swarm knows about one agent CLI. */
export interface AgentCli {
  readonly name: string;
  readonly title: string;
  /** How to get it, for the hint of exit 5. */
  readonly install: string;
  /** Candidates for argv[0], the best first. */
  readonly programs: readonly string[];
  start(options: StartOptions): StartPlan;
  /** Null when the CLI can't bring a conversation back. */
  resume(options: ResumeOptions): StartPlan | null;
  /** What the screen says. Pure; rules in order: dead, dialog, busy, error, ready. */
  look(screen: Screen): Look;
  /** Defuses what the CLI would take for a command. */
  guard(text: string): Guarded;
  readonly paste: 'bracketed' | 'line';
  /** Milliseconds between a paste that is taken in and Enter. */
  readonly settleMs: number;
  /** Milliseconds for which its empty box must stay before anything is typed, where a dialog may still follow it. Default: 0. */
  readonly calmMs?: number;
  /** tmux keys that empty the input box with the cursor at its end; harmless on an empty one. Long drafts may need them again. */
  readonly clear: readonly string[];
  /** tmux keys that end a turn. None: how it can be ended is not known. Default: Escape. */
  readonly interrupt?: readonly string[];
  /** tmux keys that submit. */
  readonly submit: readonly string[];
  /**
   * Literal words, without the characters that tmux formats use (`,` `{` `}` `#`), that are on the screen when a dialog
   * is open: the tmux server itself looks for them right before Enter. Prose may hold them too: then nothing is typed.
   */
  readonly dialogWords: readonly string[];
  /** Reads a hook's event. Null when it says nothing to swarm. */
  events(event: string, payload: unknown): HookState | null;
  /** What a hook says the agent is about to do, or asks for: better than its screen, which breaks lines. Default: nothing. */
  asks?(event: string, payload: unknown): Subject | null;
  /** What its pane's title says. Default: nothing. */
  titleSays?(title: string): TitleState;
  /** Whether an input box can be seen, so that a person's draft can be told and spared. */
  readonly needsDraftGuard: boolean;
  /** Whether swarm connects it to its MCP server, which tells it what it should know. */
  readonly mcp?: boolean;
  /** Whether `look` wants to know how the terminal reads keys ({@link Screen.lineEditor}): asking costs a process. */
  readonly asksTerminal?: boolean;
}
