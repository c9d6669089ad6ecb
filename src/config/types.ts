import type { RawConfig } from './defaults.ts';

/** swarm.yaml as the program reads it: every key present, durations in milliseconds. The file's keys are snake_case. */
export interface Config {
  /** The default agent CLI. */
  readonly agent: string;
  readonly agents: Readonly<Record<string, AgentCliConfig>>;
  readonly worktrees: {
    readonly dir: string;
    readonly branch: string;
    readonly base: string | null;
    /** Keep agents' git to branches of their own. */
    readonly guard: boolean;
  };
  readonly files: {
    readonly copy: readonly string[];
    readonly exclude: readonly string[];
    readonly link: readonly string[];
  };
  readonly hooks: Readonly<Record<HookName, readonly string[]>> & { readonly timeout: number };
  readonly ports: { readonly from: number; readonly to: number; readonly names: readonly string[] };
  readonly dev: { readonly command: string | null };
  readonly tickets: { readonly command: string | null };
  readonly tmux: { readonly session: string | null; readonly window: string; readonly panes: readonly PaneConfig[] };
  readonly dialogs: { readonly trust: 'ask' | 'accept' };
  readonly approvals: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly notify: { readonly bell: boolean; readonly desktop: boolean };
  readonly keys: Readonly<Record<string, string>>;
  readonly limits: { readonly agents: number; readonly idleTimeout: number; readonly taskTimeout: number };
  readonly supervisor: {
    readonly heartbeat: number;
    readonly restarts: number;
    readonly within: number;
    readonly mirror: string | null;
  };
  readonly merge: {
    readonly into: string | null;
    readonly strategy: 'squash' | 'merge' | 'rebase' | 'ff';
    readonly gate: string | null;
    readonly message: string | null;
    /** A command line that prints the message of a checkpoint. */
    readonly checkpoint: string | null;
  };
  readonly budget: { readonly default: number | null };
  /** Null: the embedded database. Else a PostgreSQL URL. */
  readonly store: string | null;
}

export type HookName =
  | 'postCreate'
  | 'preRemove'
  | 'postRemove'
  | 'postMerge'
  | 'onWaiting'
  | 'onIdle'
  | 'onDone'
  | 'onFailed';

interface PaneConfig {
  readonly command: string;
  /** As tmux takes it: `50%` or a number of lines. */
  readonly size: string | null;
}

/** A known agent CLI's changes, or a whole one of the user's. Patterns are the source text of regular expressions. */
export interface AgentCliConfig {
  /** The argv; null keeps the known CLI's own. `{{prompt}}`, `{{prompt_file}}`, `{{session}}`, `{{model}}` are whole arguments. */
  readonly command: readonly string[] | null;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly prompt: 'paste' | 'argument' | 'file' | null;
  readonly paste: 'bracketed' | 'line' | null;
  readonly ready: string | null;
  readonly input: string | null;
  readonly busy: string | null;
  readonly waiting: string | null;
  readonly clear: readonly string[] | null;
  readonly resume: readonly string[] | null;
}

export type ConfigLayer = 'default' | 'user' | 'team' | 'local' | 'env';

/** Where a value came from. */
export interface ConfigSource {
  readonly layer: ConfigLayer;
  /** Absolute; the name of the variable for `env`, of the branch's file in a bare repository; null for a default. */
  readonly file: string | null;
  readonly line: number | null;
  /** False when the value came from a file that git tracks: what it names runs only after consent. */
  readonly trusted: boolean;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The same in the file's own words, for `swarm config`. */
  readonly raw: RawConfig;
  /** Files that were read, in the order of their layers. */
  readonly files: readonly string[];
  /** By the key as written in the file (`hooks.post_create`, `agents.mybot.command`); the nearest parent applies. */
  readonly sources: ReadonlyMap<string, ConfigSource>;
}
