import type { RawLayer } from './schema.ts';

/** What a key holds once every layer has spoken: lists, maps and sections are there, null only where it means something. */
type Said<T> = NonNullable<T> extends object ? NonNullable<T> : Exclude<T, undefined>;
type Filled<T> = { readonly [K in keyof T]-?: Said<T[K]> };

/** The whole config in the words of the file. */
export type RawConfig = {
  readonly [S in Exclude<keyof RawLayer, 'version' | 'agents' | 'keys'>]-?: NonNullable<RawLayer[S]> extends string
    ? Said<RawLayer[S]>
    : Filled<NonNullable<RawLayer[S]>>;
} & {
  readonly agents: Readonly<Record<string, RawAgentCli>>;
  readonly keys: Readonly<Record<string, string>>;
};

export type RawAgentCli = NonNullable<NonNullable<RawLayer['agents']>[string]>;

/** The config without any file (design: section 9). */
export const DEFAULTS: RawConfig = {
  agent: 'claude',
  agents: {},
  worktrees: { dir: '../{{repo}}.worktrees', branch: '{{ticket}}', base: null, guard: true },
  files: { copy: [], exclude: [], link: [] },
  hooks: {
    post_create: [],
    pre_remove: [],
    post_remove: [],
    post_merge: [],
    on_waiting: [],
    on_idle: [],
    on_done: [],
    on_failed: [],
    timeout: '10m',
  },
  ports: { range: '3000-3999', names: ['PORT'] },
  dev: { command: null },
  tickets: { command: null },
  tmux: { session: null, window: '{{agent}} {{ticket}}', panes: [] },
  dialogs: { trust: 'ask' },
  approvals: { allow: [], deny: [] },
  notify: { bell: true, desktop: false },
  keys: {},
  limits: { agents: 3, idle_timeout: '5m', task_timeout: '30m' },
  supervisor: { heartbeat: '30s', restarts: 3, within: '10m', mirror: null },
  merge: { into: null, strategy: 'squash', gate: null, message: null, checkpoint: null },
  budget: { default: null },
  store: null,
};
